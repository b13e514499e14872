import { z } from 'zod';
import type { Dataset, ExportJob, Exports } from '../core/export-job.ts';
import { placeOfConf, secretPartsOf } from '../core/export-destination.ts';
import { maskSecrets } from '../core/mask.ts';
import { call } from './call.ts';
import type { Account } from './client.ts';
import { momentIn, textIn } from './liberal.ts';
import { aboutLogpush } from './logpush.ts';

const RawJob = z.object({
  id: z.number().int(),
  name: z.string().nullish(),
  dataset: z.string().nullish(),
  /** With the keys in it. It goes no further than this file. */
  destination_conf: z.string().nullish(),
  enabled: z.boolean().nullish(),
  last_complete: z.unknown().optional(),
  last_error: z.unknown().optional(),
  error_message: z.unknown().optional(),
  output_options: z
    .object({ field_names: z.array(z.string()).nullish() })
    .nullish()
    .catch(undefined),
});
type RawJob = z.infer<typeof RawJob>;

const LONGEST_FAILURE = 300;
const HIDDEN = '•••';

/** The route has no pages. */
export async function readExportJobs(account: Account): Promise<ExportJob[]> {
  const { client, accountId } = account;
  const jobs = await call(
    account,
    aboutLogpush({ route: 'GET logpush/jobs', does: 'read the exports of logs' }),
    z.array(RawJob.nullable()).nullish(),
    (options) => client.logpush.jobs.list({ account_id: accountId }, options),
  );
  return (jobs ?? [])
    .flatMap((job) => (job === null ? [] : [withoutKeys(job)]))
    .toSorted((one, other) => one.id - other.id);
}

function withoutKeys(job: RawJob): ExportJob {
  const conf = job.destination_conf ?? '';
  return {
    id: job.id,
    name: job.name ?? '',
    dataset: job.dataset ?? '',
    place: placeOfConf(conf),
    isOn: job.enabled === true,
    fields: job.output_options?.field_names ?? [],
    deliveredUntil: momentIn(job.last_complete),
    failure: failureOf(job, conf),
  };
}

/** What the destination answered may hold what was sent there. */
function failureOf({ last_error: lastError, error_message: said }: RawJob, conf: string): ExportJob['failure'] {
  const at = momentIn(lastError);
  const words = textIn(said);
  if (at === undefined && words === undefined) return undefined;
  const hidden = secretPartsOf(conf).reduce((text, part) => text.replaceAll(part, HIDDEN), words ?? '');
  return { at, says: maskSecrets(hidden).slice(0, LONGEST_FAILURE) };
}

/** Names of all fields: Cloudflare knows no “all”. */
export async function readExportFields(account: Account, dataset: Dataset): Promise<string[]> {
  const { client, accountId } = account;
  const fields = await call(
    account,
    aboutLogpush({ route: 'GET logpush/datasets/:id/fields', does: 'read the fields of a log' }),
    z.record(z.string(), z.unknown()).nullish(),
    (options) => client.logpush.datasets.fields.get(dataset, { account_id: accountId }, options),
  );
  return Object.keys(fields ?? {});
}

export async function readExports(account: Account, datasets: readonly Dataset[]): Promise<Exports> {
  const [jobs, ...fields] = await Promise.all([
    readExportJobs(account),
    ...datasets.map(async (dataset) => [dataset, await readExportFields(account, dataset)] as const),
  ]);
  return { jobs, fields: Object.fromEntries(fields) };
}
