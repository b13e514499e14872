import { distance } from 'fastest-levenshtein';
import { ids } from '../slack/ids.ts';
import { refusal } from '../slack/refusal.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { identify } from './identify.ts';
import { downloadLog } from './log-download.ts';
import { logsDigest } from './logs-digest.ts';
import { changeExport, logsExport } from './logs-export.ts';
import { logsTable, turnPage } from './logs-table.ts';

/** What can follow `logs`, with the words after it. Each refuses those who are no approvers itself. */
const LOGS: Readonly<Record<string, (desk: Desk, call: Call, words: readonly string[]) => Promise<void>>> = {
  access: (desk, call, words) => logsTable(desk, call, 'access', words),
  gateway: (desk, call, words) => logsTable(desk, call, 'network', words),
  digest: logsDigest,
  export: logsExport,
};

/** What the buttons below a page, and below an export, do. */
export const LOG_PRESSES: Readonly<Record<string, (desk: Desk, call: Call) => Promise<void>>> = {
  [ids.logsNewer]: (desk, call) => turnPage(desk, call, 'newer'),
  [ids.logsOlder]: (desk, call) => turnPage(desk, call, 'older'),
  [ids.logsCsv]: (desk, call) => downloadLog(desk, call, 'csv'),
  [ids.logsNdjson]: (desk, call) => downloadLog(desk, call, 'ndjson'),
  [ids.exportPause]: (desk, call) => changeExport(desk, call, 'export-pause'),
  [ids.exportResume]: (desk, call) => changeExport(desk, call, 'export-resume'),
  [ids.exportDelete]: (desk, call) => changeExport(desk, call, 'export-delete'),
};

const NEAR = 3;

/** `/ocs-access logs <which> …` */
export async function logs(desk: Desk, call: Call): Promise<void> {
  const [, which = '', ...words] = call.value.split(/\s+/).filter((one) => one !== '');
  const begin = Object.hasOwn(LOGS, which.toLowerCase()) ? LOGS[which.toLowerCase()] : undefined;
  if (begin !== undefined) return begin(desk, call, words);
  await identify(desk, call);
  await call.reply(refusal(`${notKnown(which)}${USAGE}`));
}

const USAGE =
  'Type `/ocs-access logs access` to see who came in and who was turned away, `logs gateway` for what was reached, `logs digest` for what a day brought, or `logs export` to have logs delivered elsewhere. To the first two you can add a person, a time and `denied`: `/ocs-access logs access @ana 3d denied`.';

function notKnown(which: string): string {
  if (which === '') return '';
  const away = (name: string): number => distance(which.toLowerCase().slice(0, 30), name);
  const [nearest] = Object.keys(LOGS).toSorted((one, other) => away(one) - away(other));
  const guess = nearest !== undefined && away(nearest) <= NEAR ? ` Did you mean \`/ocs-access logs ${nearest}\`?` : '';
  return `I don’t know the log “${which.slice(0, 60)}”.${guess} `;
}
