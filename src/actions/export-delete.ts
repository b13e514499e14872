import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { logpushDelete } from '../steps/logpush-delete.ts';
import { exportName } from '../steps/parts/exported.ts';
import { whyField } from './parts/export-fields.ts';
import { exportedPart, EXPORTS_SCOPE, findExport } from './parts/exported-job.ts';

export const exportDelete = defineAction({
  id: 'export-delete',
  title: 'Delete an export of logs',
  summary: 'End an export of logs for good.',
  usage: '',
  examples: [],
  effect: 'change',
  mayAsk: 'approver',
  approvals: () => 'configured',
  offeredBy: 'logs export',
  submit: 'Ask to delete it',
  input: z.object({ exported: exportedPart(), reason: whyField() }),
  describe: ({ exported }) => `Delete ${exportName(exported)} for good`,
  beneficiaries: () => [],
  scope: () => EXPORTS_SCOPE,
  plan: ({ exported }, snapshot) => {
    findExport(exported, snapshot);
    return {
      stages: [[logpushDelete.with(exported)]],
      warnings: [
        'It can’t be put back: Cloudflare forgets the destination and its keys. To have the export again, somebody sets it up anew and types the keys again.',
        'What was delivered so far stays where it is. From then on nothing more is delivered, and Cloudflare keeps its logs only for as long as the plan says.',
      ],
    };
  },
});
