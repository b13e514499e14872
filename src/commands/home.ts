import { rememberHome } from '../core/home.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { recognise } from './identify.ts';

/** Who may do nothing here, and is told so on their Home tab. */
const TURNED_AWAY: ReadonlySet<string> = new Set(['guest', 'foreign']);

/** Somebody opened the Home tab: it is drawn for them now and whenever something on it changes. */
export async function openHome(desk: Desk, who: Pick<Call, 'userId' | 'teamId'>): Promise<void> {
  const { actor, member, refusal } = await recognise(desk, who);
  // They asked for nothing, so nothing is refused, and nothing goes into the audit log.
  if (refusal !== undefined && !TURNED_AWAY.has(member.standing)) return;
  await rememberHome(desk.store, actor.slackId);
  await desk.store.commit({ audit: [], effects: [{ kind: 'post', post: { kind: 'home', slackId: actor.slackId } }] });
}
