import { z } from 'zod';
import { PermanentError } from '../core/errors.ts';
import { placeOf } from '../core/export-destination.ts';
import { Dataset, datasetName, type ExportJob } from '../core/export-job.ts';
import { defineStep } from '../core/step.ts';
import { SecretReference } from '../core/vault.ts';
import { KeyedDestination, LOGPUSH_PAGE, openDestination } from './parts/open-destination.ts';

const Args = z.object({
  ...KeyedDestination.shape,
  /** By which it is found again: Cloudflare would take the same name twice. */
  name: z.string(),
  dataset: Dataset,
  fields: z.array(z.string()).min(1),
  /** The token that proves ownership, where the destination needs one. */
  token: SecretReference.exactOptional(),
});
type Args = z.infer<typeof Args>;

/** Ensures that one log is exported to one place: a job of this name is there and on. */
export const logpushJob = defineStep({
  id: 'logpush-job',
  args: Args,
  says: ({ dataset, destination }) => `Export the ${datasetName(dataset)} to ${placeOf(destination)}`,
  resource: ({ name }) => `logpush-${name}`,
  look: async (args, { cloudflare }) => {
    const found = (await cloudflare.exportJobs()).find(({ name }) => name === args.name);
    return { holds: found !== undefined && isAsked(args, found), found, touches: [args.name] };
  },
  apply: async (args, context, found) => {
    if (found !== undefined) throw otherJob(args, found);
    const { name, dataset, fields, token } = args;
    const [conf, proof] = await Promise.all([
      openDestination(args, context),
      token === undefined ? undefined : context.vault.open(token),
    ]);
    await context.cloudflare.createExport({
      name,
      dataset,
      fields,
      conf,
      ...(proof === undefined ? {} : { token: proof }),
    });
  },
  undo: async (_args, { cloudflare }, found) => {
    if (found !== undefined) await cloudflare.deleteExport(found.id);
  },
  byHand: ({ name }) => `${LOGPUSH_PAGE} → ${name}`,
});

function isAsked({ dataset, destination }: Args, job: ExportJob): boolean {
  return job.isOn && job.dataset === dataset && job.place === placeOf(destination);
}

function otherJob({ name }: Args, job: ExportJob): PermanentError {
  return new PermanentError(
    `There is another export “${name}” by now: of the ${datasetName(job.dataset)} to ${job.place}, ${job.isOn ? 'on' : 'paused'}. Resume or delete it with \`/ocs-access logs export\`, and ask again if need be.`,
    { code: 'changed-meanwhile' },
  );
}
