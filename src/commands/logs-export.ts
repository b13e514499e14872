import { UserError } from '../core/errors.ts';
import { datasetName, type ExportJob } from '../core/export-job.ts';
import { capital } from '../core/capital.ts';
import { noExportKey } from '../core/vault.ts';
import { exportMessage } from '../slack/export-message.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { openForm, type Start } from './open-form.ts';
import { readInTime } from './read-in-time.ts';
import { identifyApprover } from './require-approver.ts';

/** `/ocs-access logs export`: what is exported, and buttons to change that. */
export async function logsExport(desk: Desk, call: Call): Promise<void> {
  await identifyApprover(desk, call, {
    tried: 'to see the exports of logs',
    because: 'Only approvers can see and change what is exported. Ask one of them to do it.',
  });
  const read = await readInTime(desk.cloudflare.exportJobs(), 'Cloudflare', desk);
  await call.reply(
    exportMessage({
      exports: 'value' in read ? { jobs: read.value } : read,
      readiness: desk.vault.isReady ? { isReady: true } : { isReady: false, says: noExportKey().message },
    }),
  );
}

/** One of the buttons below an export opens the form of an action about it. Its value is Cloudflare’s number of the export. */
export async function changeExport(desk: Desk, call: Call, actionId: string): Promise<void> {
  const action = desk.actions.find(({ id }) => id === actionId);
  if (action === undefined) throw new UserError(`There is no action “${actionId}”.`, { code: 'no-such-action' });
  await openForm(desk, action, call, { start: () => startAbout(desk, call.value) });
}

/** As it is now: the message may be old. */
async function startAbout({ cloudflare }: Pick<Desk, 'cloudflare'>, number: string): Promise<Start> {
  const job = (await cloudflare.exportJobs()).find(({ id }) => String(id) === number);
  if (job === undefined) {
    throw new UserError('This export is gone. Type `/ocs-access logs export` to see what is there now.', {
      code: 'export-gone',
    });
  }
  const { id, name, dataset, place } = job;
  return {
    values: {},
    fixed: { exported: { job: id, name, dataset, place } },
    intro: [{ label: capital(datasetName(dataset)), value: `to ${place}`, detail: stateOf(job) }],
  };
}

function stateOf({ isOn, failure }: ExportJob): string {
  const state = isOn ? 'It is on.' : 'It is paused.';
  return failure === undefined ? state : `${state} The last delivery failed.`;
}
