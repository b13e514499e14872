import { listedActions } from '../slack/listed-actions.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { help, unknownWord } from './help.ts';
import { openForm } from './open-form.ts';
import { panel } from './panel.ts';
import { requests } from './requests.ts';
import { status } from './status.ts';

/** The words that are not actions; an action's word is its id. */
const WORDS: Readonly<Record<string, (desk: Desk, call: Call) => Promise<void>>> = { help, status, requests, panel };

/** `/ocs-access <word> …` */
export async function slash(desk: Desk, call: Call): Promise<void> {
  const [word = 'help', ...rest] = call.value
    .trim()
    .split(/\s+/)
    .filter((one) => one !== '');
  const wanted = word.toLowerCase();
  const listed = listedActions(desk.actions);
  const variants = desk.actions.filter(({ variantOf }) => variantOf !== undefined);
  const action = [...listed, ...variants].find((one) => one.id === wanted);
  if (action !== undefined) return openForm(desk, action, call, { words: rest.join(' ') });
  const run = WORDS[wanted];
  if (run !== undefined) return run(desk, call);
  return unknownWord(call, word, [...listed.map(({ id }) => id), ...Object.keys(WORDS)]);
}
