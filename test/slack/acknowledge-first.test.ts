import type { App, ReceiverEvent } from '@slack/bolt';
import { expect, it } from 'vitest';
import { acknowledgeFirst } from '../../src/slack/acknowledge-first.ts';

/** What an app and its acknowledgements do, in order, when all these payloads arrive at once. */
async function order(...bodies: readonly Record<string, unknown>[]): Promise<string[]> {
  const done: string[] = [];
  const app = acknowledgeFirst({
    processEvent: async ({ body }: ReceiverEvent) => void done.push(`works on ${String(body['name'])}`),
  } as unknown as App);
  const events = bodies.map((body) => ({
    body,
    ack: async () => void done.push(`acknowledges ${String(body['name'])}`),
  }));
  await Promise.all(events.map((event) => app.processEvent(event)));
  return done;
}

it('acknowledges everybody who presses or types at once before it works for the first', async () => {
  const done = await order({ name: 'Ana', command: '/ocs-access' }, { name: 'Ben', type: 'block_actions' });

  expect(done).toEqual(['acknowledges Ana', 'acknowledges Ben', 'works on Ana', 'works on Ben']);
});

it('leaves a sent form and an event to their listeners', async () => {
  const done = await order({ name: 'a form', type: 'view_submission' }, { name: 'an event', type: 'event_callback' });

  expect(done).toEqual(['works on a form', 'works on an event']);
});
