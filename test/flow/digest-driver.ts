import { Queue } from 'bullmq';
import { vi } from 'vitest';
import { boundsOf, dayAfter, dayOf, momentOf, type DayBounds } from '../../src/core/day.ts';
import { passTime } from '../harness/pass-time.ts';
import type { TestSandbox } from '../harness/use-sandbox.ts';
import { withRedis } from './end-dates-driver.ts';
import { withoutTimes } from './onboarding-driver.ts';

/** How days pass, and how the house looks at the logs and tells them. */

export const ZONE = 'Europe/Berlin';

const PATIENCE = { timeout: 20_000 };

/** The look comes now, so many times at once, and is over when this resolves. */
export async function looksAt(sandbox: TestSandbox, what: 'logs' | 'digest', times = 1): Promise<void> {
  const { env } = sandbox;
  await withRedis(sandbox, async (connection) => {
    const prefix = `${env['REDIS_PREFIX'] ?? ''}:queue`;
    const queue = new Queue(what, { connection, prefix, skipVersionCheck: true });
    const looks = Array.from({ length: times }, () => ({
      name: what,
      data: {},
      opts: { removeOnComplete: true, removeOnFail: true },
    }));
    for (const { id = '' } of await queue.addBulk(looks)) {
      await vi.waitUntil(async () => (await queue.getJob(id)) === undefined, PATIENCE);
    }
    await queue.close();
  });
}

/** Today, as the house sees it: `2026-11-20`. */
export function today({ clock }: Pick<TestSandbox, 'clock'>): string {
  return dayOf(clock.now(), ZONE);
}

/** It becomes that time of the day, today or tomorrow. */
export async function becomes(sandbox: TestSandbox, hour: number, minute = 0): Promise<void> {
  const { clock } = sandbox;
  const now = clock.now();
  const [next] = [today(sandbox), dayAfter(today(sandbox))]
    .map((day) => momentOf(day, { hour, minute }, ZONE))
    .filter((at) => at > now);
  await passTime(sandbox, (next ?? now) - now);
}

/**
 * The house starts in the morning of a day that has its logs, and has nothing to tell of the days before. Resolves to the
 * day, and to what it was filled with.
 */
export async function beginsOn<Filling>(
  sandbox: TestSandbox,
  fill: (hours: DayBounds) => Filling,
): Promise<{ readonly day: string; readonly filling: Filling }> {
  await becomes(sandbox, 8, 1);
  const day = today(sandbox);
  const filling = fill(hoursOf(day));
  await sandbox.start(['bot', 'worker']);
  await looksAt(sandbox, 'logs');
  await looksAt(sandbox, 'digest');
  return { day, filling };
}

/** The rest of the day goes by, with looks at the logs, until it is told in the morning. */
export async function passesAndIsTold(sandbox: TestSandbox, looks = 1): Promise<void> {
  await becomes(sandbox, 18);
  await looksAt(sandbox, 'logs');
  await becomes(sandbox, 8, 1);
  await looksAt(sandbox, 'logs');
  await looksAt(sandbox, 'digest', looks);
}

/** All hours of a day, for the account to fill. */
export function hoursOf(day: string): DayBounds {
  return boundsOf(day, ZONE);
}

/** The digests in the audit channel, oldest first: each with what is in its thread. */
export function digestsIn({
  slack,
}: Pick<TestSandbox, 'slack'>): { readonly says: string; readonly thread: string[] }[] {
  return slack.messages('ocs-audit').map((message) => ({
    says: withoutTimes(slack.text(message)),
    thread: message.replies.map((reply) => slack.text(reply)),
  }));
}

/** Waits until there are so many. */
export async function tells(sandbox: TestSandbox, count: number) {
  await sandbox.slack.until(() => digestsIn(sandbox).filter(({ thread }) => thread.length > 0).length >= count, {
    what: `${count} digests with their details`,
    timeoutMs: PATIENCE.timeout,
  });
  return digestsIn(sandbox);
}
