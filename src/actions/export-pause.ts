import { changeExport } from './parts/change-export.ts';
import { planSwitch } from './parts/switch-export.ts';

export const exportPause = changeExport({
  id: 'export-pause',
  title: 'Pause an export of logs',
  summary: 'Have Cloudflare deliver no more of a log for now.',
  describe: (name) => `Pause ${name}`,
  plan: (exported, snapshot) =>
    planSwitch(
      exported,
      false,
      snapshot,
      'What happens while it is paused is not delivered later. Cloudflare keeps it for as long as the plan says.',
    ),
});
