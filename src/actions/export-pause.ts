import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { exportName } from '../steps/parts/exported.ts';
import { whyField } from './parts/export-fields.ts';
import { exportedPart, EXPORTS_SCOPE } from './parts/exported-job.ts';
import { planSwitch } from './parts/switch-export.ts';

export const exportPause = defineAction({
  id: 'export-pause',
  title: 'Pause an export of logs',
  summary: 'Have Cloudflare deliver no more of a log for now.',
  usage: '',
  examples: [],
  effect: 'change',
  mayAsk: 'approver',
  approvals: () => 'configured',
  offeredBy: 'logs export',
  input: z.object({ exported: exportedPart(), reason: whyField() }),
  describe: ({ exported }) => `Pause ${exportName(exported)}`,
  beneficiaries: () => [],
  scope: () => EXPORTS_SCOPE,
  plan: ({ exported }, snapshot) =>
    planSwitch(
      exported,
      false,
      snapshot,
      'What happens while it is paused is not delivered later. Cloudflare keeps it for as long as the plan says.',
    ),
});
