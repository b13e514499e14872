import type { AuditEntry, ChainFault } from '../core/audit.ts';
import { capital } from '../core/capital.ts';
import type { RecentVerdict } from '../core/verify-recent.ts';
import { header, note } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import type { Message } from './message.ts';
import { bold, line, list, rich, when, type Part } from './rich.ts';
import { FULL_FORMAT, time } from './time.ts';

/** Entries of the audit log as somebody asked for them. */
export interface AuditPage {
  /** What was asked for beside the time, in words: `REQ-0142`, `ana@…`. */
  readonly filters: readonly string[];
  /** Epoch milliseconds. */
  readonly since: number | undefined;
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** How many more there are, as far as it was looked. */
  readonly more: number;
  /** Number of the entry up to which it was looked, where that was not all. */
  readonly lookedBackTo: number | undefined;
  /** Why an entry, and so those before it, can’t be shown, in a sentence. */
  readonly problem: string | undefined;
  readonly verdict: RecentVerdict;
}

const TEXT_MAX = 3900;
const SAYS_MAX = 300;

/** To one person. */
export function auditMessage(page: AuditPage): Message {
  const { entries, verdict } = page;
  const rest = restOf(page);
  return {
    text: textOf(page),
    blocks: [
      header('Audit log'),
      ...(verdict.ok ? [] : [rich(line(bold(`⚠️ Warning: ${brokenInWords(verdict)}`), ` ${WHAT_TO_DO}`))]),
      rich(line(...introOf(page))),
      rich(entries.length === 0 ? line(bold(NONE)) : list('bullet', entries.map(partsOf))),
      ...(rest.length === 0 ? [] : [rich(line(rest.join(' ')))]),
      ...(verdict.ok ? [rich(line(...wholeParts(verdict)))] : []),
      note(ON_THE_SERVER),
    ],
  };
}

const NONE = 'There is no such entry.';
const ON_THE_SERVER =
  'On the server, `npx ocs-access audit verify` checks the whole log, and `npx ocs-access audit export` gives all of it out.';
const WHAT_TO_DO =
  'Leave Redis as it is, save its data folder, and go on with docs/audit.md, “Verify”. The operators are told.';

function introOf({ filters, since }: AuditPage): Part[] {
  const what = filters.length === 0 ? 'Everything' : fit(filters.join(', '), 300);
  return [what, ...(since === undefined ? [] : [', since ', when(since)]), ', newest first.'];
}

function partsOf(entry: AuditEntry): Part[] {
  return [bold(String(entry.seq)), ' · ', when(entry.at, FULL_FORMAT), ` · ${sentenceOf(entry)}`];
}

/** With the name of whoever did it, once. */
function sentenceOf({ actor, says }: AuditEntry): string {
  const name = nameIn(actor);
  const sentence = fit(says, SAYS_MAX);
  const isNamed = sentence.startsWith(name) && !/^[\p{L}\p{N}]/u.test(sentence.slice(name.length));
  return isNamed ? sentence : `${name}: ${sentence}`;
}

function nameIn({ name }: AuditEntry['actor']): string {
  return fit(name, 60) || 'somebody';
}

function restOf({ more, lookedBackTo, problem }: AuditPage): string[] {
  const entries = more === 1 ? '1 more entry' : `${number(more)} more entries`;
  const isAll = lookedBackTo === undefined && problem === undefined;
  return [
    ...(more > 0 ? [`There ${more === 1 ? 'is' : 'are'} ${isAll ? '' : 'at least '}${entries}.`] : []),
    ...(lookedBackTo === undefined ? [] : [`It was looked back to entry ${lookedBackTo} only.`]),
    ...(problem === undefined ? [] : [`${problem} What is before it is not shown here.`]),
  ];
}

function brokenInWords({ seq, why }: ChainFault): string {
  return `The audit log is not whole: entry ${seq} is the first in doubt. ${capital(why)}.`;
}

type Whole = Extract<RecentVerdict, { ok: true }>;

function wholeParts(verdict: Whole): Part[] {
  const { before } = verdict;
  const now = wholeNow(verdict);
  return before === undefined
    ? [now]
    : [now, ` Those before, from entry ${before.first} on, were checked `, when(before.at), '.'];
}

function wholeNow({ first, last, before }: Whole): string {
  if (last === 0) return 'Nothing is in it yet.';
  const checked =
    first === last ? `Entry ${first} was checked and is` : `Entries ${first} to ${last} were checked and are`;
  const what = `${checked} in order.`;
  return first > 1 && before === undefined ? `${what} Those before were not checked just now.` : what;
}

function textOf(page: AuditPage): string {
  const { filters, since, entries, verdict } = page;
  const what = filters.length === 0 ? '' : `, ${escapeToFit(filters.join(', '), 300)}`;
  const lines = [
    `Audit log${what}${since === undefined ? '' : `, since ${time(since)}`}:`,
    ...(verdict.ok ? [] : [escapeToFit(`Warning: ${brokenInWords(verdict)} ${WHAT_TO_DO}`, 600)]),
    ...(entries.length === 0 ? [NONE] : []),
    ...entries.map((entry) => `${entry.seq} ${time(entry.at)} ${escapeToFit(sentenceOf(entry), SAYS_MAX)}`),
    ...restOf(page).map((one) => escapeToFit(one, 300)),
    ...(verdict.ok ? [wholeNow(verdict)] : []),
  ];
  let text = '';
  for (const one of lines) {
    if (text.length + one.length + 1 > TEXT_MAX) break;
    text += `${text === '' ? '' : '\n'}${one}`;
  }
  return text;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
