import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { createClient, type Account } from '../../src/cloudflare/client.ts';
import { createReferences } from '../../src/cloudflare/references.ts';
import { failureOf, NOW } from './start-adapter.ts';

const unhandled = vi.fn();
afterEach(() => {
  process.off('unhandledRejection', unhandled);
  unhandled.mockReset();
});

function unreachable(): { account: Account; asked: () => number } {
  const fetch = vi.fn(() => Promise.reject(new TypeError('fetch failed')));
  const client = createClient({ apiToken: 'the-token', fetch });
  return { account: { client, accountId: 'a1', clock: { now: () => NOW } }, asked: () => fetch.mock.calls.length };
}

it('does not bring the process down when something read ahead fails and nobody asks for it', async () => {
  process.on('unhandledRejection', unhandled);
  const references = createReferences(unreachable().account);

  references.readAhead([{ include: [{ kind: 'group', groupId: 'g1' }], exclude: [], require: [] }], ['l1']);
  // A call made later through the same connection has failed, so those before it have too.
  await failureOf(references.list('l2'));
  await setImmediate();

  expect(unhandled).not.toHaveBeenCalled();
});

it('passes the failure on to whoever asks for it, without asking again', async () => {
  const { account, asked } = unreachable();
  const references = createReferences(account);
  references.readAhead([], ['l1']);

  const failure = await failureOf(references.list('l1'));

  expect(failure.code).toBe('cloudflare-unavailable');
  expect(asked()).toBe(1);
});
