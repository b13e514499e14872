import { auditOf } from '../core/change-request.ts';
import { UserError } from '../core/errors.ts';
import { readTicket } from '../core/request.ts';
import { refusal } from '../slack/refusal.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { identify } from './identify.ts';

const ONCE_A_DAY_MS = 24 * 60 * 60 * 1000;

/** “I’m in” and “It doesn’t work”: the answer goes back to whoever asked for the access. */
export async function answerWelcome(desk: Desk, call: Call, isIn: boolean): Promise<void> {
  const { store, clock } = desk;
  const { actor } = await identify(desk, call);
  const request = await store.load(readTicket(call.value)?.id ?? '');
  if (request === undefined)
    throw new UserError('I don’t know this request any more. Write to whoever asked for your access.', {
      code: 'no-such-request',
    });
  if (await store.claim(`welcome:${request.id}:${actor.slackId}:${isIn ? 'in' : 'stuck'}`, ONCE_A_DAY_MS)) {
    const says = isIn ? `${actor.name} says that they are in.` : `${actor.name} says that signing in does not work.`;
    await store.commit({
      audit: [auditOf(request, 'feedback', actor, clock.now(), says, { isIn })],
      effects: [{ kind: 'post', post: { kind: 'feedback', requestId: request.id, from: actor.slackId, isIn } }],
    });
  }
  const told = isIn
    ? `Good to have you in. ${request.requester.name} knows.`
    : `Sorry about that. ${request.requester.name} knows and will get in touch with you.`;
  await call.reply(refusal(told));
}
