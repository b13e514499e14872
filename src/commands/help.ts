import { distance } from 'fastest-levenshtein';
import { helpMessage } from '../slack/help-message.ts';
import { refusal } from '../slack/refusal.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { identify } from './identify.ts';

export async function help(desk: Desk, call: Call): Promise<void> {
  const { actor } = await identify(desk, call);
  const approvers = await desk.directory.approvers();
  await call.reply(helpMessage({ actions: desk.actions, isApprover: approvers.has(actor.slackId) }));
}

/** A word that is no command: the nearest one. */
export async function unknownWord(call: Call, word: string, known: readonly string[]): Promise<void> {
  const nearest = known.toSorted((one, other) => distance(word, one) - distance(word, other))[0] ?? 'help';
  const near = distance(word, nearest) <= Math.max(2, Math.floor(nearest.length / 2));
  const guess = near ? `Did you mean \`/ocs-access ${nearest}\`?` : 'Type `/ocs-access help` to see what I can do.';
  await call.reply(refusal(`I don’t know “${word}”. ${guess}`));
}
