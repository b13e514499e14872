import { PermanentError } from '../core/errors.ts';
import { defineStep } from '../core/step.ts';
import { z } from 'zod';
import { Exported, exportName } from './parts/exported.ts';
import { LOGPUSH_PAGE } from './parts/open-destination.ts';

/** Ensures that an export is on, or paused. */
export const logpushSwitch = defineStep({
  id: 'logpush-switch',
  args: z.object({ ...Exported.shape, isOn: z.boolean() }),
  says: ({ isOn, ...exported }) => `${isOn ? 'Resume' : 'Pause'} ${exportName(exported)}`,
  resource: ({ job }) => `logpush-${job}`,
  look: async ({ job, isOn }, { cloudflare }) => {
    const found = (await cloudflare.exportJobs()).find(({ id }) => id === job);
    return { holds: found?.isOn === isOn, found };
  },
  apply: async ({ job, isOn, ...exported }, { cloudflare }, found) => {
    if (found === undefined) {
      throw new PermanentError(`Somebody deleted ${exportName(exported)} meanwhile.`, { code: 'export-gone' });
    }
    await cloudflare.switchExport(job, isOn);
  },
  undo: async ({ job, isOn }, { cloudflare }) => cloudflare.switchExport(job, !isOn),
  byHand: ({ name, dataset }) => `${LOGPUSH_PAGE} → ${name === '' ? dataset : name}`,
});
