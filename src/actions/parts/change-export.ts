import { z } from 'zod';
import { defineAction, type Action } from '../../core/action.ts';
import type { Plan } from '../../core/plan.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { exportName, type Exported } from '../../steps/parts/exported.ts';
import { exportedPart, EXPORTS_SCOPE } from './exported-job.ts';
import { whyField } from './usual-fields.ts';

interface ChangeExport {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly submit?: string;
  /** `name`: as people know the export. */
  readonly describe: (name: string) => string;
  readonly plan: (exported: Exported, snapshot: Snapshot) => Plan;
}

/** What is done to one export that is there: only why has to be typed. */
export function changeExport({ describe, plan, ...told }: ChangeExport): Action {
  return defineAction({
    ...told,
    usage: '',
    examples: [],
    effect: 'change',
    mayAsk: 'approver',
    approvals: () => 'configured',
    offeredBy: 'logs export',
    input: z.object({ exported: exportedPart(), reason: whyField() }),
    describe: ({ exported }) => describe(exportName(exported)),
    beneficiaries: () => [],
    scope: () => EXPORTS_SCOPE,
    plan: ({ exported }, snapshot) => plan(exported, snapshot),
  });
}
