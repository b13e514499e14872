import { once } from 'node:events';
import { Queue } from 'bullmq';
import { vi } from 'vitest';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import type { Stay } from '../../src/core/stay.ts';
import { connectForAnswers, type RedisConnection } from '../../src/store/connect.ts';
import { createStore } from '../../src/store/store.ts';
import type { TestSandbox } from '../harness/use-sandbox.ts';
import { cardOf, cardSays, fillsForm, SERIAL, withoutTimes, type Typed } from './onboarding-driver.ts';

/** How access with an end date is given, and how the tests look at what the house keeps of it. */

export const DAY = 24 * 60 * 60_000;
export const HOUR = 60 * 60_000;
/** Ana, who has no access before somebody gives it to her. */
export const NEWCOMER = { who: 'ana', name: 'Ana Souza', email: 'ana.souza@lanternhealth.example', serial: SERIAL };

type Sandbox = Pick<TestSandbox, 'env'>;

export interface Wanted extends Typed {
  /** `2026-12-24` */
  readonly date?: string;
  /** `30d` */
  readonly duration?: string;
}

/** Fills the form of `add`, sends it, and resolves to what Slack marks at its fields. */
export async function sendsWithEnd(sandbox: TestSandbox, { date, duration, ...typed }: Wanted) {
  const asker = sandbox.slack.as(typed.by ?? 'ben');
  // What stands in the command stands in the form.
  const who = typed.command === undefined || !typed.command.includes('@') ? { person: 'ana', serial: SERIAL } : {};
  await fillsForm(sandbox, { ...who, ...typed });
  if (date !== undefined) await asker.sets('until.date', date);
  if (duration !== undefined) await asker.sets('until.duration', duration);
  const { errors = {} } = await asker.submits();
  return errors;
}

/** Ben asks for Ana, an approver says yes, and it is done. Resolves to the id of the request. */
export async function givesAccess(sandbox: TestSandbox, wanted: Wanted = {}): Promise<string> {
  const id = await asks(sandbox, wanted);
  await approves(sandbox, id);
  return id;
}

/** The same without the approval. */
export async function asks(sandbox: TestSandbox, wanted: Wanted = {}): Promise<string> {
  const before = sandbox.slack.messages('ocs-approvals').length;
  const errors = await sendsWithEnd(sandbox, wanted);
  if (Object.keys(errors).length > 0) throw new Error(JSON.stringify(errors));
  await sandbox.slack.until(() => sandbox.slack.messages('ocs-approvals').length > before, { what: 'a new card' });
  return /REQ-\d+/.exec(await cardSays(sandbox, /waiting for approval/))?.[0] ?? '';
}

/** An approver presses the button on the card of this request, and waits until it is carried out. */
export async function approves(sandbox: TestSandbox, id: string, by = 'cara'): Promise<void> {
  const { slack } = sandbox;
  await slack.as(by).clicks(requestCard(sandbox, id), 'Approve');
  await isDone(sandbox, id);
}

export function requestCard({ slack }: Pick<TestSandbox, 'slack'>, id: string) {
  const card = slack.messages('ocs-approvals').find((message) => slack.text(message).includes(id));
  return card ?? cardOf({ slack });
}

/** Waits until the audit channel says that this request is done. */
export async function isDone({ slack }: TestSandbox, id: string): Promise<string> {
  const summary = await slack.until(
    () => slack.messages('ocs-audit').find((message) => slack.text(message).includes(`✅ ${id} is done`)),
    { what: `the summary of ${id}`, timeoutMs: 20_000 },
  );
  return withoutTimes(slack.text(summary));
}

/** The newest message at the top of the approvals channel that says this. */
export async function noticeSays({ slack }: TestSandbox, words: RegExp) {
  return slack.until(() => slack.messages('ocs-approvals').findLast((message) => words.test(slack.text(message))), {
    what: `a notice that says ${String(words)}`,
    timeoutMs: 20_000,
  });
}

/** `2026-12-24`, so many days from the moment that the house lives in, for a date picker. */
export function dateIn({ clock }: Pick<TestSandbox, 'clock'>, days: number): string {
  return new Date(clock.now() + days * DAY).toISOString().slice(0, 10);
}

export async function withRedis<T>({ env }: Sandbox, work: (redis: RedisConnection) => Promise<T>): Promise<T> {
  const redis = connectForAnswers(parseRedisTarget(env['REDIS_URL'] ?? ''), { onError: () => undefined });
  await once(redis, 'ready');
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** Which ends the house keeps. */
export function staysOf(sandbox: Sandbox): Promise<Stay[]> {
  return withRedis(sandbox, (redis) => createStore({ redis, prefix: prefixOf(sandbox) }).stays());
}

/** Milliseconds from now to the one end that the house keeps. */
export async function leftOf(sandbox: TestSandbox): Promise<number> {
  const [stay, ...others] = await staysOf(sandbox);
  if (stay === undefined || others.length > 0) throw new Error(`${others.length + (stay ? 1 : 0)} ends are kept`);
  return stay.endsAt - sandbox.clock.now();
}

/** Every timer is gone, as from a Redis that lost them. */
export function losesTimers(sandbox: Sandbox): Promise<void> {
  return withRedis(sandbox, async (redis) => {
    const keys = await redis.keys(`${prefixOf(sandbox).replaceAll(/[[\]?*\\]/g, '\\$&')}:queue:timers:*`);
    if (keys.length === 0) throw new Error('there were no timers');
    await redis.del(...keys);
  });
}

/** The hourly look comes now, and is over when this resolves: its delay goes by the machine’s clock. */
export function hourlyLook(sandbox: Sandbox): Promise<void> {
  return withRedis(sandbox, async (connection) => {
    const queue = new Queue('ends', { connection, prefix: `${prefixOf(sandbox)}:queue`, skipVersionCheck: true });
    const looks = await vi.waitUntil(async () => nonEmpty(await queue.getDelayed()), { timeout: 20_000 });
    for (const look of looks) {
      await look.changeDelay(0);
      // It is not kept once it is over.
      await vi.waitUntil(async () => (await look.getState()) === 'unknown', { timeout: 20_000 });
    }
    await queue.close();
  });
}

/** All of this house’s memory, to be put back later: what a backup of Redis holds. */
export async function backUp(sandbox: Sandbox): Promise<() => Promise<void>> {
  const mine = `${prefixOf(sandbox)}:*`;
  const copy = await withRedis(sandbox, async (redis) =>
    Promise.all((await redis.keys(mine)).map(async (key) => ({ key, value: await redis.dumpBuffer(key) }))),
  );
  return () =>
    withRedis(sandbox, async (redis) => {
      const now = await redis.keys(mine);
      if (now.length > 0) await redis.del(...now);
      for (const { key, value } of copy) if (value !== null) await redis.restore(key, 0, value, 'REPLACE');
    });
}

function nonEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function prefixOf({ env }: Sandbox): string {
  return env['REDIS_PREFIX'] ?? '';
}
