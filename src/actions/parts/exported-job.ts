import { UserError } from '../../core/errors.ts';
import { fixedPart } from '../../core/fields.ts';
import type { ExportJob } from '../../core/export-job.ts';
import type { Snapshot, SnapshotScope } from '../../core/snapshot.ts';
import { Exported, exportName } from '../../steps/parts/exported.ts';
import { exportsOf } from './export-plan.ts';

/** Which export it is about: read before the form opens, typed by nobody. */
export const exportedPart = () => fixedPart(Exported);

export const EXPORTS_SCOPE: SnapshotScope = { exports: [], undecided: 'first' };

/** Throws UserError for one that is gone, or whose number is another export’s by now. */
export function findExport(exported: Exported, snapshot: Snapshot): ExportJob {
  const found = exportsOf(snapshot).jobs.find(({ id }) => id === exported.job);
  if (found !== undefined && found.dataset === exported.dataset && found.place === exported.place) return found;
  throw new UserError(`Somebody has deleted ${exportName(exported)} meanwhile.`, { code: 'export-gone' });
}
