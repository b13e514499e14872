import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { exportName } from '../steps/parts/exported.ts';
import { whyField } from './parts/export-fields.ts';
import { exportedPart, EXPORTS_SCOPE } from './parts/exported-job.ts';
import { planSwitch } from './parts/switch-export.ts';

export const exportResume = defineAction({
  id: 'export-resume',
  title: 'Resume an export of logs',
  summary: 'Have Cloudflare deliver a log again that was paused.',
  usage: '',
  examples: [],
  effect: 'change',
  mayAsk: 'approver',
  approvals: () => 'configured',
  offeredBy: 'logs export',
  input: z.object({ exported: exportedPart(), reason: whyField() }),
  describe: ({ exported }) => `Resume ${exportName(exported)}`,
  beneficiaries: () => [],
  scope: () => EXPORTS_SCOPE,
  plan: ({ exported }, snapshot) =>
    planSwitch(exported, true, snapshot, 'What happened while it was paused is not delivered.'),
});
