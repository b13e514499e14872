import { once } from 'node:events';
import { verifyChain, type AuditEntry } from '../../src/core/audit.ts';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { connectForAnswers } from '../../src/store/connect.ts';
import { createStore } from '../../src/store/store.ts';
import type { TestSandbox } from '../harness/use-sandbox.ts';

/** The steps of an onboarding that many tests go through, with the words on the screen. */

export interface Typed {
  readonly by?: string;
  readonly command?: string;
  readonly person?: string;
  readonly email?: string;
  readonly platform?: 'macOS' | 'Windows' | 'Linux';
  readonly serial?: string;
  readonly ask?: boolean;
  readonly reason?: string;
}

export const SERIAL = 'C02XK0AZJG5J';

/** Opens the form and fills it in; the form is not sent. */
export async function fillsForm({ slack }: TestSandbox, typed: Typed = {}): Promise<void> {
  const asker = slack.as(typed.by ?? 'ben');
  await asker.types(typed.command ?? '/ocs-access add');
  await slack.until(() => asker.view()?.submit, { what: 'the form' });
  if (typed.person !== undefined) await asker.sets('person.slackId', slack.as(typed.person).id);
  if (typed.email !== undefined) await asker.sets('person.email', typed.email);
  if (typed.serial !== undefined) await asker.sets('device.serial', typed.serial);
  if (typed.ask === true) await asker.sets('device.ask', ['ask']);
  await asker.sets('reason', typed.reason ?? 'Joins the clinic team on Monday');
}

/** Ben asks for Ana, and the request stands in the approvals channel. Resolves to its id. */
export async function asksForAna(sandbox: TestSandbox, typed: Typed = {}): Promise<string> {
  const { slack } = sandbox;
  const asker = slack.as(typed.by ?? 'ben');
  await fillsForm(sandbox, { person: 'ana', serial: SERIAL, ...typed });
  const sent = await asker.submits();
  if (Object.keys(sent.errors ?? {}).length > 0) throw new Error(JSON.stringify(sent.errors));
  const card = await cardSays(sandbox, /waiting for approval/);
  return /REQ-\d+/.exec(card)?.[0] ?? '';
}

/** The newest message in the approvals channel. */
export function cardOf({ slack }: Pick<TestSandbox, 'slack'>) {
  const card = slack.messages('ocs-approvals').at(-1);
  if (card === undefined) throw new Error('there is no card yet');
  return card;
}

export function hasCard({ slack }: Pick<TestSandbox, 'slack'>): boolean {
  return slack.messages('ocs-approvals').length > 0;
}

/** Waits until the newest card says this. */
export async function cardSays(sandbox: TestSandbox, words: RegExp): Promise<string> {
  return sandbox.slack.until(
    () => {
      const text = hasCard(sandbox) ? sandbox.slack.text(cardOf(sandbox)) : '';
      return words.test(text) ? withoutTimes(text) : undefined;
    },
    { what: `a card that says ${String(words)}`, timeoutMs: 15_000 },
  );
}

/** Waits until a message of the bot to this person says this; the newest one that does. */
export async function dmSays({ slack }: TestSandbox, who: string, words: RegExp): Promise<string> {
  const texts = () => slack.dms(who).map((message) => slack.text(message));
  const found = await slack.until(() => texts().findLast((text) => words.test(text)), {
    what: `a message to ${who} that says ${String(words)}`,
    timeoutMs: 15_000,
  });
  return withoutTimes(found);
}

export function newestDm({ slack }: Pick<TestSandbox, 'slack'>, who: string) {
  const message = slack.dms(who).at(-1);
  if (message === undefined) throw new Error(`${who} has no message yet`);
  return message;
}

/** What the audit log holds about a request, one line an entry: its kind, what it says. The chain is checked as well. */
export async function auditOf(sandbox: TestSandbox, requestId: string): Promise<string[]> {
  return asLines((await readAudit(sandbox)).filter((entry) => entry.requestId === requestId));
}

export async function auditAll(sandbox: TestSandbox): Promise<string[]> {
  return asLines(await readAudit(sandbox));
}

async function readAudit({ env }: TestSandbox): Promise<AuditEntry[]> {
  const redis = connectForAnswers(parseRedisTarget(env['REDIS_URL'] ?? ''), { onError: () => undefined });
  await once(redis, 'ready');
  const store = createStore({ redis, prefix: env['REDIS_PREFIX'] ?? '' });
  const entries: AuditEntry[] = [];
  for await (const entry of store.auditEntries()) entries.push(entry);
  redis.disconnect();
  const verdict = verifyChain(entries);
  if (!verdict.ok) throw new Error(verdict.why);
  return entries;
}

function asLines(entries: readonly AuditEntry[]): string[] {
  return entries.map(({ kind, says }) => `${kind}: ${says}`);
}

/** Times, durations and ray ids differ from run to run. */
export function withoutTimes(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, '2026-11-21 12:04')
    .replaceAll(/\b\d\d:\d\d(:\d\d)?\b/g, '12:04')
    .replaceAll(/\b\d+ s\b/g, '1 s')
    .replaceAll(/cf-ray [0-9a-f]+-[A-Z]{3}/g, 'cf-ray 0a1b2c3d-FRA');
}
