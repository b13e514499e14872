import { commandOf, listedActions } from '../slack/listed-actions.ts';
import { audit } from './audit.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { beginOf, help, lengthOf, unknownWord } from './help.ts';
import { logs } from './logs.ts';
import { openForm } from './open-form.ts';
import { otp } from './otp.ts';
import { panel } from './panel.ts';
import { requests } from './requests.ts';
import { status } from './status.ts';
import { tunnel } from './tunnel.ts';
import { whoami } from './whoami.ts';

/** The words that are not actions. */
const WORDS: Readonly<Record<string, (desk: Desk, call: Call) => Promise<void>>> = {
  help,
  status,
  requests,
  panel,
  tunnel,
  otp,
  whoami,
  logs,
  audit,
};

/** Words that begin something: `tunnel restart`. */
interface Way {
  readonly name: string;
  begin(desk: Desk, call: Call, rest: string): Promise<void>;
}

/** `/ocs-access <words> …`: of several ways that begin with what was typed, the longest. */
export async function slash(desk: Desk, call: Call): Promise<void> {
  const typed = call.value.split(/\s+/).filter((one) => one !== '');
  if (typed.length === 0) return help(desk, call);
  const [way] = waysOf(desk)
    .filter(({ name }) => beginOf(typed, name).toLowerCase() === name)
    .toSorted((one, other) => lengthOf(other.name) - lengthOf(one.name));
  if (way !== undefined) return way.begin(desk, call, typed.slice(lengthOf(way.name)).join(' '));
  return unknownWord(call, typed, [...listedActions(desk.actions).map(commandOf), ...Object.keys(WORDS)]);
}

/** Actions go by their command and by their id. */
function waysOf({ actions }: Desk): Way[] {
  const variants = actions.filter(({ variantOf }) => variantOf !== undefined);
  const toForms = [...listedActions(actions), ...variants].flatMap((action) =>
    [...new Set([commandOf(action), action.id])].map((name) => ({
      name,
      begin: (desk: Desk, call: Call, words: string) => openForm(desk, action, call, { words }),
    })),
  );
  return [...toForms, ...Object.entries(WORDS).map(([name, begin]) => ({ name, begin }))];
}
