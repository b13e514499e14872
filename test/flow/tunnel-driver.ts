import { once } from 'node:events';
import { Queue } from 'bullmq';
import { expect } from 'vitest';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { connectForAnswers } from '../../src/store/connect.ts';
import { passTime } from '../harness/pass-time.ts';
import type { TestSandbox } from '../harness/use-sandbox.ts';
import { says } from './answer-driver.ts';
import { withoutTimes } from './onboarding-driver.ts';

/** How people look at the tunnel and restart it, with the words on the screen, and how the watch looks at it. */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

/** Restarted containers come back this soon, so that a test need not wait for them. */
export const SOON = { comesBackAfterMs: 20 } as const;

const PATIENCE = { timeoutMs: 20_000 };

/** Somebody types the command. Resolves to what only they see. */
export async function readsTunnel(sandbox: TestSandbox, who = 'cara', line = '/ocs-access tunnel'): Promise<string> {
  return withoutStamps(await says(sandbox, who, line));
}

/** The plan of a restart, as it reads to whoever typed the command. */
export async function readsRestart(sandbox: TestSandbox, who = 'cara', words = ''): Promise<string> {
  await sandbox.slack.as(who).types(`/ocs-access tunnel restart ${words}`.trim());
  return viewSays(sandbox, who, /Nothing has been done yet/);
}

/** Presses the button below the plan. Resolves to what the window says then. */
export async function confirms(sandbox: TestSandbox, who = 'cara'): Promise<string> {
  const person = sandbox.slack.as(who);
  expect((await person.submits()).errors ?? {}).toEqual({});
  return viewSays(sandbox, who, /\[Close\]|changed/);
}

/** An approver types the command, reads the plan and presses the button. */
export async function restarts(sandbox: TestSandbox, who = 'cara', words = ''): Promise<string> {
  await readsRestart(sandbox, who, words);
  return confirms(sandbox, who);
}

export async function viewSays({ slack }: TestSandbox, who: string, words: RegExp): Promise<string> {
  return slack.until(
    () => {
      const view = slack.as(who).view();
      const text = view === undefined ? '' : slack.text(view);
      return words.test(text) ? withoutStamps(withoutTimes(text)) : undefined;
    },
    { ...PATIENCE, what: `a window of ${who} that says ${String(words)}` },
  );
}

/** Waits until so many restarts were asked of the Engine. */
export async function restartedTimes({ slack, docker }: TestSandbox, count: number): Promise<void> {
  await slack.until(() => docker.restarts.length >= count, { ...PATIENCE, what: `${count} restarts` });
}

/** Lets time pass again and again, until something is so: the queue puts off the next look by seconds each time. */
export async function passesUntil<T>(
  sandbox: TestSandbox,
  look: () => T | undefined | false,
  { ms = 3 * SECOND, what = 'it' } = {},
): Promise<T> {
  const giveUpAt = Date.now() + PATIENCE.timeoutMs;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > giveUpAt)
      throw new Error(`time passed, and ${what} did not come about:\n${sandbox.slack.picture()}`);
    await passTime(sandbox, ms);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

/** Time passes until the summary in the audit channel says how a request ended. */
export async function ends(sandbox: TestSandbox, requestId = 'REQ-0001', ms?: number): Promise<string> {
  const words = new RegExp(`${requestId} (is done|could not be done)`);
  const text = await passesUntil(
    sandbox,
    () =>
      sandbox.slack
        .messages('ocs-audit')
        .map((one) => sandbox.slack.text(one))
        .find((one) => words.test(one)),
    { what: `the end of ${requestId}`, ...(ms === undefined ? {} : { ms }) },
  );
  return withoutStamps(withoutTimes(text));
}

/** What differs from run to run: the log’s times, the socket’s folder, the plan’s hash, and how long it took. */
export function withoutStamps(text: string): string {
  return text
    .replaceAll(/^( *)(\d{4}-\d\d-\d\dT)?\d\d:\d\d(:[\d.]+)?Z /gm, '$1<time> ')
    .replaceAll(/unix:\/\/\S*ocs-docker-\w+/g, 'unix:///run/ocs-docker')
    .replaceAll(/\bPlan [0-9a-f]{12}\b/g, 'Plan 0a1b2c3d4e5f')
    .replaceAll(/, [\w ]+ (?=after it started)/g, ', 1 s ')
    .replaceAll(/(?<=UTC after )[\w ]+(?=\.\))/g, '1 s')
    .replaceAll(/(?<=Decided )[\w ]+(?= after it was asked)/g, '1 s')
    .replaceAll(/(?<=healthy again, )[\w ]+(?= after the restart)/g, '1 s')
    .replaceAll(/(?<=It took )[\w ]+(?=,)/g, '1 s')
    .replaceAll(/(?<=down for )[\w ]+?(?=[.,])/g, 'some min')
    .replaceAll(/(?<=times, )[\w ]+(?= in all)/g, 'some min');
}

/** One look of the watch, now: as any worker asks for when it starts. */
export async function looksNow({ env }: TestSandbox): Promise<void> {
  const connection = connectForAnswers(parseRedisTarget(env['REDIS_URL'] ?? ''), { onError: () => undefined });
  await once(connection, 'ready');
  const queue = new Queue('tunnels', {
    connection,
    prefix: `${env['REDIS_PREFIX'] ?? ''}:queue`,
    skipVersionCheck: true,
  });
  const { id = '' } = await queue.add('tunnels', {}, { removeOnComplete: true, removeOnFail: true });
  const giveUpAt = Date.now() + PATIENCE.timeoutMs;
  while ((await queue.getJob(id)) !== undefined) {
    if (Date.now() > giveUpAt) throw new Error('the watch did not look');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await queue.close();
  connection.disconnect();
}

/** Time passes for the house, with a look of the watch every half minute of it. */
export async function watchesFor(sandbox: TestSandbox, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 30 * SECOND) {
    await passTime(sandbox, Math.min(30 * SECOND, ms - passed));
    await looksNow(sandbox);
  }
}
