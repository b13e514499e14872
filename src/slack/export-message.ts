import type { KnownBlock } from '@slack/types';
import { Dataset, datasetName, type ExportJob } from '../core/export-job.ts';
import { capital } from '../core/capital.ts';
import { button, buttons, header, note, plainSection } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import { ids, openAction } from './ids.ts';
import type { Message } from './message.ts';
import { withCode } from './refusal.ts';
import { bold, line, lines, rich, when, type Part } from './rich.ts';

export interface ExportPicture {
  /** Those of the account, or why they can’t be read. */
  readonly exports: { readonly jobs: readonly ExportJob[] } | { readonly problem: string };
  /** False: no key can be typed into a form, so nothing can be exported. `says`: why, and what to do. */
  readonly readiness: { readonly isReady: true } | { readonly isReady: false; readonly says: string };
}

const SHOWN = 12;
const TITLE = 'Export of logs';
const NEW: readonly (readonly [label: string, action: string])[] = [
  ['To S3', 'export-s3'],
  ['To R2', 'export-r2'],
  ['To Splunk', 'export-splunk'],
  ['To Datadog', 'export-datadog'],
];

/** What is exported, where to and how it goes, with buttons to change that. To one person. */
export function exportMessage({ exports, readiness }: ExportPicture): Message {
  if ('problem' in exports) {
    return {
      text: escapeToFit(`${TITLE}: ${exports.problem}`, 2500),
      blocks: [header(TITLE), rich(line('⚠️ ', ...withCode(fit(exports.problem, 1500))))],
    };
  }
  const ours = exports.jobs.filter(({ dataset }) => Dataset.safeParse(dataset).success);
  const others = exports.jobs.length - ours.length;
  const rest = [
    ...(ours.length > SHOWN ? [`And ${ours.length - SHOWN} more exports of these logs.`] : []),
    ...(others > 0 ? [`And ${others} ${others === 1 ? 'export' : 'exports'} of other logs.`] : []),
  ];
  return {
    text: escapeToFit(textOf(ours), 2500),
    blocks: [
      header(TITLE),
      ...(ours.length === 0 ? [plainSection(NONE)] : ours.slice(0, SHOWN).flatMap(jobBlocks)),
      ...(rest.length === 0
        ? []
        : [plainSection(`${rest.join(' ')} The dashboard shows all of them: Zero Trust → Insights → Logs.`)]),
      ...newBlocks(readiness),
    ],
  };
}

const NONE = 'Neither the Access log nor a Gateway log is exported.';

function textOf(jobs: readonly ExportJob[]): string {
  if (jobs.length === 0) return NONE;
  const each = jobs.slice(0, SHOWN).map((job) => `${nameOf(job)}: ${stateOf(job)}.`);
  return `${jobs.length === 1 ? '1 log is exported' : `${jobs.length} logs are exported`}. ${each.join(' ')}`;
}

/** `Access log to s3://lantern-logs` */
function nameOf({ dataset, place }: ExportJob): string {
  return `${capital(datasetName(dataset))} to ${fit(place, 200)}`;
}

function stateOf({ isOn, failure }: ExportJob): string {
  if (!isOn) return 'paused';
  return failure === undefined ? 'on' : 'on, but its last delivery failed';
}

function jobBlocks(job: ExportJob): KnownBlock[] {
  const { isOn, failure, deliveredUntil, id } = job;
  const sign = isOn ? (failure === undefined ? '✅' : '⚠️') : '⏸️';
  const title: Part[] = [`${sign} `, bold(nameOf(job))];
  const delivered: Part[] =
    deliveredUntil === undefined ? ['Nothing was delivered yet.'] : ['Delivered until ', when(deliveredUntil), '.'];
  const state: Part[] = [`${capital(stateOf(job))}. `, ...delivered];
  const value = String(id);
  return [
    lines(title, state, ...(failure === undefined ? [] : [failureParts(failure)])),
    buttons(
      isOn
        ? button('Pause', ids.exportPause, value, { accessibility_label: fit(`Pause: ${nameOf(job)}`, 75) })
        : button('Resume', ids.exportResume, value, { accessibility_label: fit(`Resume: ${nameOf(job)}`, 75) }),
      button('Delete', ids.exportDelete, value, {
        style: 'danger',
        accessibility_label: fit(`Delete: ${nameOf(job)}`, 75),
      }),
    ),
  ];
}

function failureParts({ at, says }: NonNullable<ExportJob['failure']>): Part[] {
  const words = says === '' ? 'Cloudflare does not say why' : `“${fit(says, 300)}”`;
  return ['Last error', ...(at === undefined ? [] : [' ', when(at)]), `: ${words}.`];
}

function newBlocks(readiness: ExportPicture['readiness']): KnownBlock[] {
  if (!readiness.isReady) return [rich(line(bold('New export:'), ' ', ...withCode(readiness.says)))];
  return [
    rich(line(bold('New export'))),
    buttons(
      ...NEW.map(([label, action]) =>
        button(label, openAction(action), action, { accessibility_label: `New export of logs: ${label}` }),
      ),
    ),
    note('Another approver has to agree to each of these. Cloudflare exports logs on its Enterprise plan only.'),
  ];
}
