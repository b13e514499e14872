import { logpushDelete } from '../steps/logpush-delete.ts';
import { changeExport } from './parts/change-export.ts';
import { findExport } from './parts/exported-job.ts';

export const exportDelete = changeExport({
  id: 'export-delete',
  title: 'Delete an export of logs',
  summary: 'End an export of logs for good.',
  submit: 'Ask to delete it',
  describe: (name) => `Delete ${name} for good`,
  plan: (exported, snapshot) => {
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
