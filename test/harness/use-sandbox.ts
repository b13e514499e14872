import { randomBytes } from 'node:crypto';
import { afterEach, inject } from 'vitest';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/start-sandbox.ts';
import { createMovableClock, type MovableClock } from './movable-clock.ts';

export type TestSandbox = Sandbox & { readonly clock: MovableClock };

/**
 * Starts sandboxes for the tests of one file and ends them after each test. A test fails if anything in it made Slack or
 * Cloudflare see what the real ones would refuse to put up with.
 */
export function useSandbox(): (options?: Omit<SandboxOptions, 'redisUrl' | 'now'>) => Promise<TestSandbox> {
  const running: TestSandbox[] = [];
  afterEach(async () => {
    for (const sandbox of running.splice(0)) {
      const seen = [...sandbox.slack.faultsSeen];
      await sandbox.stop();
      if (seen.length > 0) throw new Error(`Slack saw:\n${seen.join('\n')}`);
    }
  });
  return async (options = {}) => {
    const clock = createMovableClock();
    const prefix = `{test-${randomBytes(6).toString('hex')}}`;
    const sandbox = await startSandbox({
      redisUrl: inject('redisUrl'),
      prefix,
      now: () => clock.now(),
      // The others ask Cloudflare by themselves, which would stand among the calls of a test; it starts those that it is about.
      rounds: ['sweep', 'ends'],
      ...options,
    });
    const tested = { ...sandbox, clock };
    running.push(tested);
    return tested;
  };
}
