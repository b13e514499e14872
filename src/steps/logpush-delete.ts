import { defineStep } from '../core/step.ts';
import { Exported, exportName } from './parts/exported.ts';
import { LOGPUSH_PAGE } from './parts/open-destination.ts';

/** Ensures that an export is gone. It can’t be put back: its keys are at Cloudflare only, and go with it. */
export const logpushDelete = defineStep({
  id: 'logpush-delete',
  args: Exported,
  says: (exported) => `Delete ${exportName(exported)} for good`,
  resource: ({ job }) => `logpush-${job}`,
  look: async ({ job }, { cloudflare }) => ({
    holds: (await cloudflare.exportJobs()).every(({ id }) => id !== job),
    found: undefined,
  }),
  apply: ({ job }, { cloudflare }) => cloudflare.deleteExport(job),
  byHand: ({ name, dataset }) => `${LOGPUSH_PAGE} → ${name === '' ? dataset : name} → Delete`,
});
