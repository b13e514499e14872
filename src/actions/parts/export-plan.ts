import { UserError } from '../../core/errors.ts';
import { placeOf } from '../../core/export-destination.ts';
import {
  datasetName,
  datasetsOf,
  fieldsToExport,
  jobName,
  USUAL_JOB_LIMIT,
  type Dataset,
  type ExportedLogs,
  type Exports,
} from '../../core/export-job.ts';
import type { Plan, PlannedStep } from '../../core/plan.ts';
import type { Snapshot, SnapshotScope } from '../../core/snapshot.ts';
import type { SecretReference } from '../../core/vault.ts';
import { logpushJob } from '../../steps/logpush-job.ts';
import type { KeyedDestination } from '../../steps/parts/open-destination.ts';
import { sentenceList } from './part.ts';

export interface ExportWish extends KeyedDestination {
  readonly logs: ExportedLogs;
  /** That proves ownership, where the destination needs it. */
  readonly token?: SecretReference;
}

/** What the plan of an export reads. Nobody is let in by it, so nobody has to have decided between several policies. */
export function exportScope(logs: ExportedLogs): SnapshotScope {
  return { exports: datasetsOf(logs), undecided: 'first' };
}

const LOGS_NAMES: Readonly<Record<ExportedLogs, string>> = {
  access: 'Access log',
  gateway: 'Gateway logs',
  both: 'Access log and the Gateway logs',
};

/** To follow an article: `Access log`. */
export function logsName(logs: ExportedLogs): string {
  return LOGS_NAMES[logs];
}

/** One job for each log that is not exported there yet, after whatever has to be so before. Throws UserError if none is left. */
export function planExport(wish: ExportWish, snapshot: Snapshot, before: readonly PlannedStep[]): Plan {
  const exports = exportsOf(snapshot);
  const { open, warnings } = notExportedYet(wish, exports);
  const place = placeOf(wish.destination);
  return {
    stages: [[...before], open.map((dataset) => stepFor(dataset, wish, exports))],
    warnings: [
      `From then on Cloudflare sends these logs to ${place} by itself, every few minutes: e-mail addresses, IP addresses and what people did. Whoever can read that place reads them, and nothing deletes them there.`,
      ...warnings,
      ...open.flatMap((dataset) => tooMany(dataset, exports)),
    ],
    afterwards: [
      'The first rows take some minutes to arrive. `/ocs-access logs export` shows what was delivered, and the last error.',
    ],
  };
}

/** The logs of which there is no export of ours to such a destination, and what is said of those of which there is one. */
export function notExportedYet(
  { logs, destination }: Pick<ExportWish, 'logs' | 'destination'>,
  { jobs }: Exports,
): { readonly open: readonly Dataset[]; readonly warnings: readonly string[] } {
  const there = datasetsOf(logs).flatMap((dataset) => {
    const job = jobs.find(({ name }) => name === jobName(dataset, destination.kind));
    return job === undefined ? [] : [{ dataset, job }];
  });
  const taken = new Set(there.map(({ dataset }) => dataset));
  const open = datasetsOf(logs).filter((dataset) => !taken.has(dataset));
  const known = there.map(
    ({ dataset, job }) => `the ${datasetName(dataset)} to ${job.place} (${job.isOn ? 'on' : 'paused'})`,
  );
  if (open.length === 0) {
    throw new UserError(
      `There ${there.length === 1 ? 'is an export' : 'are exports'} like that already: ${sentenceList(known)}. Resume or delete ${there.length === 1 ? 'it' : 'them'} with \`/ocs-access logs export\` first.`,
      { code: 'nothing-to-do' },
    );
  }
  return { open, warnings: known.map((one) => `Exported already and left as it is: ${one}.`) };
}

function stepFor(dataset: Dataset, { destination, secrets, token }: ExportWish, { fields }: Exports): PlannedStep {
  const wanted = fieldsToExport(dataset, fields[dataset] ?? []);
  if (wanted.length === 0) {
    throw new UserError(`Cloudflare names no field of the ${datasetName(dataset)} that this version knows.`, {
      code: 'no-fields',
    });
  }
  const name = jobName(dataset, destination.kind);
  return logpushJob.with(
    { destination, secrets, name, dataset, fields: wanted, ...(token === undefined ? {} : { token }) },
    { change: `${wanted.length} fields`, items: wanted },
  );
}

function tooMany(dataset: Dataset, { jobs }: Exports): string[] {
  const there = jobs.filter((job) => job.dataset === dataset).length;
  if (there < USUAL_JOB_LIMIT) return [];
  return [
    `There are ${there} exports of the ${datasetName(dataset)} already. Cloudflare usually allows ${USUAL_JOB_LIMIT}, so it may refuse one more.`,
  ];
}

export function exportsOf({ exports }: Snapshot): Exports {
  if (exports !== undefined) return exports;
  throw new UserError('The exports could not be read. Try again in a minute.', { code: 'exports-unread' });
}
