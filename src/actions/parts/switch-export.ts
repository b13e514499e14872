import { UserError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { logpushSwitch } from '../../steps/logpush-switch.ts';
import { exportName, type Exported } from '../../steps/parts/exported.ts';
import { findExport } from './exported-job.ts';

const TRIES_AGAIN =
  'Cloudflare tries the destination whenever an export is changed. While the destination can’t be reached this fails.';

/** Throws UserError where there is nothing to switch. */
export function planSwitch(exported: Exported, isOn: boolean, snapshot: Snapshot, meaning: string): Plan {
  if (findExport(exported, snapshot).isOn === isOn) {
    throw new UserError(`Somebody has done that already: ${exportName(exported)} is ${isOn ? 'on' : 'paused'}.`, {
      code: 'nothing-to-do',
    });
  }
  return { stages: [[logpushSwitch.with({ ...exported, isOn })]], warnings: [meaning, TRIES_AGAIN] };
}
