import { UserError } from '../core/errors.ts';
import type { Decider } from '../core/decide.ts';
import type { PersonValue } from '../core/fields.ts';
import { LOG_TITLES, type LogKind } from '../core/log-row.ts';
import { EmailAddress, signatureOf, type Actor } from '../core/person.ts';
import { shownAccess, shownNetwork, type ShownRow } from '../slack/log-rows.ts';
import { logsMessage, type NoteLine } from '../slack/logs-message.ts';
import { utc } from '../slack/time.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { readAccountFor } from './log-account.ts';
import { notesOf } from './log-notes.ts';
import { keepView, reachOf, readPage, recallView, turned, type LogView, type PageOfRows } from './log-pages.ts';
import { openLog, type LogSource } from './log-source.ts';
import { latestMoment, readInTime } from './read-in-time.ts';
import { readLogWords } from './read-log-words.ts';
import { identifyApprover } from './require-approver.ts';
import { zoneOf } from './zone-of.ts';

const HOUR = 60 * 60 * 1000;
/** Rows may be dated a little after our clock. */
const SKEW_MS = 60_000;

/** `/ocs-access logs access …` and `logs gateway …`: who came in and who was turned away, or who reached what. */
export async function logsTable(desk: Desk, call: Call, kind: LogKind, typed: readonly string[]): Promise<void> {
  const { actor, member } = await identifyReader(desk, call, kind);
  const now = desk.clock.now();
  const { person, since, ...filters } = readLogWords(typed, { kind, now, timeZone: zoneOf(member, desk) });
  const email = person === undefined ? undefined : await addressOf(person, desk);
  const view: LogView = {
    userId: call.userId,
    kind,
    ...(email === undefined ? {} : { email }),
    ...filters,
    // Network sessions are counted by the hour.
    since: kind === 'network' ? Math.floor(since / HOUR) * HOUR : since,
    until: now + SKEW_MS,
    behind: [],
  };
  await noteLook(desk, actor, view, { says: 'looked at', facts: {} });
  await show(desk, call, view);
}

/** One of the buttons that turn the pages. Whoever presses it is judged anew. */
export async function turnPage(desk: Desk, call: Call, to: 'newer' | 'older'): Promise<void> {
  const { view } = await viewOf(desk, call);
  const page = turned(view, to);
  if (page === undefined) throw new UserError('There are no more rows in this direction.', { code: 'no-more-rows' });
  await show(desk, call, page, { inPlace: true });
}

/** What the page shows whose button was pressed, for an approver. */
export async function viewOf(desk: Desk, call: Call): Promise<{ readonly view: LogView; readonly actor: Actor }> {
  const view = await recallView(desk.store, call.value, call.userId);
  const { actor } = await identifyReader(desk, call, view.kind);
  return { view, actor };
}

function identifyReader(desk: Desk, call: Call, kind: LogKind): Promise<Decider> {
  return identifyApprover(desk, call, {
    tried: `to read the ${LOG_TITLES[kind]}`,
    because: 'Only approvers can read the logs. Your own access is under `/ocs-access whoami`.',
  });
}

async function addressOf({ slackId, email }: PersonValue, { directory }: Desk): Promise<string> {
  if (slackId === undefined) {
    const read = EmailAddress.safeParse(email);
    if (read.success) return read.data;
    throw new UserError('That is not an e-mail address. The valid form is name@organisation.org.', {
      code: 'bad-address',
    });
  }
  const { actor } = await directory.find(slackId);
  if (actor.email !== undefined) return actor.email.toLowerCase();
  throw new UserError(
    `Slack shows no e-mail address for ${actor.name}, and the logs know people by their address. Type it instead: name@organisation.org.`,
    { code: 'no-address' },
  );
}

interface Look {
  /** `looked at` */
  readonly says: string;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** Into the audit log, before anything is shown. */
export async function noteLook(
  { store, clock }: Pick<Desk, 'store' | 'clock'>,
  actor: Actor,
  view: LogView,
  { says, facts }: Look,
): Promise<void> {
  const { kind, email, outcome, destination, since } = view;
  const filters = { ...(outcome && { outcome }), ...(destination && { destination }) };
  await store.commit({
    audit: [
      {
        kind: 'logs.read',
        at: clock.now(),
        actor: signatureOf(actor),
        people: email === undefined ? [] : [email],
        says: `${actor.name} ${says} the ${LOG_TITLES[kind]} of ${email ?? 'everybody'} since ${utc(since)}.`,
        facts: { log: kind === 'access' ? 'access' : 'gateway', since, ...filters, ...facts },
      },
    ],
    effects: [],
  });
}

async function show(
  desk: Desk,
  call: Call,
  view: LogView,
  options: { readonly inPlace?: boolean } = {},
): Promise<void> {
  const { rows, next, lookedBackTo, source, problems } = await readRows(desk, view);
  const key = await keepView(desk.store, { ...view, ...(next === undefined ? {} : { next }) });
  const notes: NoteLine[] = [
    ...problems.map((problem) => [problem]),
    ...notesOf(desk, source, { since: view.since, lookedBackTo }),
  ];
  const message = logsMessage({
    kind: view.kind,
    filters: filtersOf(view),
    since: view.since,
    asOf: source.asOf,
    rows,
    number: view.behind.length + 1,
    key,
    hasOlder: next !== undefined,
    notes,
    canDownload: rows.length > 0 || next !== undefined || view.behind.length > 0,
  });
  await call.reply(message, options);
}

export function filtersOf({ email, outcome, destination }: LogView): string[] {
  return [
    email ?? 'Everybody',
    ...(outcome === undefined ? [] : [outcome === 'denied' ? 'only those turned away' : 'only those let in']),
    ...(destination === undefined ? [] : [`only to “${destination}”`]),
  ];
}

interface Shown extends Omit<PageOfRows<unknown>, 'rows'> {
  readonly rows: readonly ShownRow[];
  readonly source: LogSource<LogKind>;
  readonly problems: readonly string[];
}

async function readRows(desk: Desk, view: LogView): Promise<Shown> {
  if (view.kind === 'access') {
    const { rows, ...rest } = await readFrom(desk, await openLog(desk, 'access'), view);
    const account = await readAccountFor(rows, desk);
    const shown = rows.map((row) => shownAccess(account.seenAccess(row)));
    return { ...rest, rows: shown, problems: [...rest.problems, ...account.problems] };
  }
  const { rows, ...rest } = await readFrom(desk, await openLog(desk, 'network'), view);
  const account = await readAccountFor(rows, desk);
  const shown = rows.map((row) => shownNetwork(account.seenNetwork(row)));
  return { ...rest, rows: shown, problems: [...rest.problems, ...account.problems] };
}

const NOTHING = { rows: [], next: undefined, lookedBackTo: undefined } as const;

/** Rows that are kept throw like the store; what Cloudflare does not give is said instead. */
async function readFrom<Kind extends LogKind>(desk: Desk, source: LogSource<Kind>, view: LogView) {
  const until = latestMoment();
  const reading = readPage(source.rows(reachOf(view)), view, () => performance.now() > until);
  if (!source.isDirect) return { ...(await reading), source, problems: [] };
  const read = await readInTime(reading, 'Cloudflare', desk, until);
  return 'value' in read
    ? { ...read.value, source, problems: [] }
    : { ...NOTHING, source, problems: [`The ${LOG_TITLES[view.kind]} could not be read. ${read.problem}`] };
}
