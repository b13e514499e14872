import { capital } from '../core/capital.ts';
import type { Digest } from '../core/digest/digest.ts';
import { header, note } from './blocks.ts';
import { chartInWords, type ChartBlock } from './chart.ts';
import { digestChart, HOURS_IN_A_BAR } from './digest-chart.ts';
import { endingParts, missingParts } from './digest-notices.ts';
import { lateParts, noteParts, notesOf } from './digest-notes.ts';
import { blockOf, linesOf, textOf, type DigestPart } from './digest-part.ts';
import { deniedParts, revokedParts, unusualParts } from './digest-people.ts';
import {
  comparedWith,
  countOf,
  dayInWords,
  deniedInWords,
  extraHours,
  meanInWords,
  numberInWords,
} from './digest-words.ts';
import { openRequests, workParts } from './digest-works.ts';
import { escapeToFit } from './escape.ts';
import type { Message } from './message.ts';

/** What happened on one day, short enough for a phone. */
export function digestMessage(digest: Digest): Message {
  const title = titleOf(digest);
  return isQuiet(digest) ? quietMessage(digest, title) : fullMessage(digest, title);
}

/** Three lines. */
function quietMessage(digest: Digest, title: string): Message {
  const part = quietPart(digest);
  const small = `${dayNote(digest)} ${headNote(digest)}`;
  return {
    text: `${escapeToFit(title, 300)}. ${textOf([part])} ${small}`,
    blocks: [header(title), blockOf(part), note(small)],
  };
}

function fullMessage(digest: Digest, title: string): Message {
  const first = [
    ...lateParts(digest),
    ...introParts(digest),
    ...revokedParts(digest),
    ...unusualParts(digest),
    ...deniedParts(digest),
  ];
  const works = workParts(digest);
  const last = [...endingParts(digest), ...missingParts(digest), ...noteParts(digest)];
  const chart = digestChart(digest);
  const above = [header(title), ...first.map(blockOf)];
  const day = `${dayNote(digest)}${chart === undefined ? '' : oddBar(digest)}`;
  return {
    text: `${escapeToFit(title, 300)}. ${textOf([...first, ...chartParts(chart), ...works, ...last])} ${day} ${headNote(digest)}`,
    blocks: [
      ...above,
      ...linesOf(works),
      ...last.map(blockOf),
      note(`${day} More is in the thread.\n${headNote(digest)}`),
    ],
    ...(chart === undefined ? {} : { chart: { block: chart, after: above.length } }),
  };
}

function chartParts(chart: ChartBlock | undefined): DigestPart[] {
  return chart === undefined ? [] : [{ line: [`By the hour: ${chartInWords(chart)}.`] }];
}

/** Nothing that anybody has to read on for. That a plan has no network log is so every day, and in the thread. */
export function isQuiet({ access, revoked, unusual, tunnel, bot, ending, gaps, dropped, dueAt }: Digest): boolean {
  return (
    access.denied === 0 &&
    access.problem === undefined &&
    [revoked, unusual, tunnel.outages, ending, gaps].every((list) => list.length === 0) &&
    bot.failed === 0 &&
    dropped === undefined &&
    dueAt === undefined
  );
}

function quietPart(digest: Digest): DigestPart {
  const open = openRequests(digest);
  const waiting = open === 0 ? '' : ` ${countOf(open, 'request is', 'requests are')} open.`;
  const { before, signIns } = digest.access;
  const first = before === undefined ? '' : `Sign-ins: ${comparedWith(before.signIns, signIns)}. `;
  return {
    line: [
      `${first}Nothing was out of the ordinary, the tunnel had no outage, and no access ends in the next 7 days.${waiting}`,
      ...notesOf(digest).map((says) => ` ${says}`),
    ],
  };
}

function titleOf(digest: Digest): string {
  const { revoked, moreRevoked = 0 } = digest;
  const day = dayInWords(digest.day);
  const came = revoked.filter(({ letIn }) => letIn > 0).length;
  if (came === 0) return `${day}: ${numbersOf(digest)}`;
  // Those who were let in come first in the list.
  const least = came === revoked.length && moreRevoked > 0 ? 'at least ' : '';
  return `🚨 ${day}: ${least}${countOf(came, 'person', 'people')} came in whose access was taken away`;
}

/** The numbers that matter, as far as they are known. */
function numbersOf(digest: Digest): string {
  const { signIns, denied, people, problem } = digest.access;
  if (signIns + denied + people === 0) return problem === undefined ? 'nobody came' : 'who came is not known';
  return [
    people === 0 ? 'nobody active' : `${countOf(people, 'person', 'people')} active`,
    signIns === 0 ? 'no sign-ins' : countOf(signIns, 'sign-in', 'sign-ins'),
    denied === 0 ? 'nobody turned away' : `${deniedInWords(digest)} turned away`,
  ].join(', ');
}

function introParts(digest: Digest): DigestPart[] {
  const { access, revoked, gaps } = digest;
  const isAlarm = revoked.some(({ letIn }) => letIn > 0);
  const words = [
    ...(isAlarm ? [`${capital(numbersOf(digest))}.`] : []),
    ...(access.problem !== undefined || gaps.length > 0
      ? ['Part of the day is missing: see below.']
      : comparison(digest)),
    ...(access.devices === 0 ? [] : [`${countOf(access.devices, 'device was', 'devices were')} used.`]),
  ];
  return words.length === 0 ? [] : [{ line: [words.join(' ')] }];
}

function comparison({ access: { signIns, denied, before } }: Digest): string[] {
  if (before === undefined) return ['There is no week before to compare with yet.'];
  return [
    `Sign-ins: ${comparedWith(before.signIns, signIns)} (${meanInWords(before.signIns)} a day in the week before).`,
    `Denials: ${comparedWith(before.denied, denied)} (${meanInWords(before.denied)} a day).`,
  ];
}

function dayNote(digest: Digest): string {
  return `By the clock in ${escapeToFit(digest.timeZone, 60)}.${oddLength(digest)}`;
}

/** The last line. The whole hash, so that the audit log can be checked against what Slack keeps. */
function headNote({ head }: Digest): string {
  if (head === undefined)
    return 'Audit log: its head can’t be read, because somebody changed it in Redis. See `docs/audit.md`.';
  const { seq, hash } = head;
  return seq === 0 ? 'Audit log: no entry yet.' : `Audit log: entry ${seq}, ${escapeToFit(hash, 100)}`;
}

/** Of a day on which the clocks were changed. */
function oddLength(digest: Digest): string {
  const extra = extraHours(digest);
  if (extra === 0) return '';
  return ` The day had ${numberInWords(24 + extra)} hours, because the clocks were put ${extra > 0 ? 'back' : 'forward'}.`;
}

function oddBar(digest: Digest): string {
  const extra = extraHours(digest);
  return extra === 0 ? '' : ` One bar of the chart stands for ${countOf(HOURS_IN_A_BAR + extra, 'hour', 'hours')}.`;
}
