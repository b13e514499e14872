import { changeExport } from './parts/change-export.ts';
import { planSwitch } from './parts/switch-export.ts';

export const exportResume = changeExport({
  id: 'export-resume',
  title: 'Resume an export of logs',
  summary: 'Have Cloudflare deliver a log again that was paused.',
  describe: (name) => `Resume ${name}`,
  plan: (exported, snapshot) =>
    planSwitch(exported, true, snapshot, 'What happened while it was paused is not delivered.'),
});
