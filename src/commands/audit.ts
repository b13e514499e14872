import type { AuditEntry } from '../core/audit.ts';
import { callOperatorOnce } from '../core/call-operator.ts';
import { capital } from '../core/capital.ts';
import { PermanentError } from '../core/errors.ts';
import type { PersonValue } from '../core/fields.ts';
import { signatureOf, type Actor } from '../core/person.ts';
import type { Store } from '../core/ports.ts';
import { verifyRecent, type RecentVerdict } from '../core/verify-recent.ts';
import { auditMessage, type AuditPage } from '../slack/audit-message.ts';
import { utc } from '../slack/time.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { readAuditWords } from './read-audit-words.ts';
import { identifyApprover } from './require-approver.ts';
import { zoneOf } from './zone-of.ts';
import { unlessAltered } from '../core/unless-altered.ts';

const SHOWN = 20;
const MOST_LOOKED_AT = 50_000;
/** Nobody waits longer for an answer. */
const LIMIT_MS = 4_000;
/** Clocks of two processes differ, so an entry may stand behind one that is later by less than this. */
const SKEW_MS = 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

interface Wanted {
  readonly request: string | undefined;
  readonly person: Someone | undefined;
  /** Epoch milliseconds. */
  readonly since: number | undefined;
}

interface Someone {
  readonly email: string | undefined;
  readonly slackId: string | undefined;
  /** In words. */
  readonly name: string;
}

/** `/ocs-access audit [request|person|since]`: the newest entries of the audit log, and whether it is whole. */
export async function audit(desk: Desk, call: Call): Promise<void> {
  const { actor, member } = await identifyApprover(desk, call, {
    tried: 'to read the audit log',
    because: 'Only approvers can read the audit log. Your own requests are on my Home tab.',
  });
  const { store, clock } = desk;
  const typed = call.value.split(/\s+/).filter((one) => one !== '');
  const { request, person, since } = readAuditWords(typed.slice(1), {
    now: clock.now(),
    timeZone: zoneOf(member, desk),
  });
  const wanted: Wanted = { request, since, person: person && (await someoneOf(person, desk)) };
  const newest = await newestNumber(store);
  await noteLook(desk, actor, wanted);
  const [page, verdict] = await Promise.all([readNewest(store, wanted, newest), verifyRecent(store, clock)]);
  if (!verdict.ok) await tellOperators(store, verdict);
  await call.reply(auditMessage({ filters: filtersOf(wanted), since, ...page, verdict }));
}

async function someoneOf({ slackId, email }: PersonValue, { directory }: Desk): Promise<Someone> {
  if (slackId !== undefined) {
    const { actor } = await directory.find(slackId);
    return { slackId, email: actor.email?.toLowerCase(), name: actor.email ?? actor.name };
  }
  const address = email?.toLowerCase() ?? '';
  return { email: address, slackId: (await directory.byEmail(address))?.slackId, name: address };
}

/** Of the last entry before this look. Undefined: that can’t be read. */
async function newestNumber(store: Pick<Store, 'auditHead'>): Promise<number | undefined> {
  return (await unlessAltered(() => store.auditHead()))?.seq;
}

/** Into the audit log, before anything is shown. One that is broken takes nothing more, and has to be seen all the same. */
async function noteLook({ store, clock }: Desk, actor: Actor, wanted: Wanted): Promise<void> {
  const { request, person, since } = wanted;
  const of = filtersOf(wanted).join(', ') || 'everybody';
  const look = {
    kind: 'audit.read' as const,
    at: clock.now(),
    actor: signatureOf(actor),
    people: person?.email === undefined ? [] : [person.email],
    says: `${actor.name} looked at the audit log of ${of}${since === undefined ? '' : `, since ${utc(since)}`}.`,
    facts: { ...(request && { request }), ...(since !== undefined && { since }) },
  };
  try {
    await store.commit({ audit: [look], effects: [] });
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
  }
}

function filtersOf({ request, person }: Wanted): string[] {
  return [request, person?.name].filter((one) => one !== undefined);
}

type Page = Pick<AuditPage, 'entries' | 'more' | 'lookedBackTo' | 'problem'>;

async function readNewest(store: Store, wanted: Wanted, newest: number | undefined): Promise<Page> {
  const entries: AuditEntry[] = [];
  let more = 0;
  let lookedBackTo: number | undefined;
  const found = search(store.auditEntriesBack(newest), wanted, (seq) => {
    lookedBackTo = seq;
  });
  try {
    for await (const entry of found) {
      if (entries.length < SHOWN) {
        entries.push(entry);
        continue;
      }
      more += 1;
      if (!isEverything(wanted)) continue;
      more = entry.seq;
      break;
    }
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { entries, more, lookedBackTo, problem: error.message };
  }
  return { entries, more, lookedBackTo, problem: undefined };
}

/** `giveUp`: told the number of the entry at which there was too much to search. */
async function* search(
  entries: AsyncIterable<AuditEntry>,
  wanted: Wanted,
  giveUp: (seq: number) => void,
): AsyncIterable<AuditEntry> {
  const until = performance.now() + LIMIT_MS;
  let looked = 0;
  for await (const entry of entries) {
    if (wanted.since !== undefined && entry.at < wanted.since - SKEW_MS) return;
    if (isWanted(entry, wanted)) yield entry;
    looked += 1;
    if ((looked < MOST_LOOKED_AT && performance.now() < until) || entry.seq === 1) continue;
    giveUp(entry.seq);
    return;
  }
}

function isEverything(wanted: Wanted): boolean {
  return Object.values(wanted).every((one) => one === undefined);
}

/** What somebody did themselves is about them as well. */
function isWanted({ at, requestId, people, actor }: AuditEntry, { request, person, since }: Wanted): boolean {
  return (
    (since === undefined || at >= since) &&
    (request === undefined || requestId === request) &&
    (person === undefined ||
      (person.email !== undefined && people.includes(person.email)) ||
      (person.slackId !== undefined && actor.slackId === person.slackId))
  );
}

/** Once for each place at which it is broken. */
async function tellOperators(store: Store, { seq, why }: Exclude<RecentVerdict, { ok: true }>): Promise<void> {
  const says = `The audit log is not whole: entry ${seq} is the first in doubt. ${capital(why)}. Leave Redis as it is, save its data folder, and go on with docs/audit.md, “Verify”.`;
  await callOperatorOnce(store, { key: `audit-broken:${seq}`, forMs: 400 * DAY_MS, says });
}
