import type { Action } from '../core/action.ts';
import { readTicket } from '../core/request.ts';
import { FOR_ONESELF, ids, OPEN_ACTION } from '../slack/ids.ts';
import type { Call } from './call.ts';
import { approve, openDeny, showDetails, withdraw } from './decide.ts';
import type { Desk } from './desk.ts';
import { openInvite } from './invite.ts';
import { LOG_PRESSES } from './logs.ts';
import { openForm } from './open-form.ts';
import { asPerson } from './read-words.ts';
import { answerWelcome } from './welcome.ts';

type Press = (desk: Desk, call: Call) => Promise<void>;

/** What each button on a message and on the Home tab does. */
const PRESSES: Readonly<Record<string, Press>> = {
  [ids.approve]: approve,
  [ids.deny]: openDeny,
  [ids.details]: showDetails,
  [ids.withdraw]: withdraw,
  [ids.inviteOpen]: openInvite,
  [ids.welcomeIn]: (desk, call) => answerWelcome(desk, call, true),
  [ids.welcomeStuck]: (desk, call) => answerWelcome(desk, call, false),
  ...LOG_PRESSES,
};

/** Undefined for an id that no button of ours has. */
export function pressOf({ actions }: Pick<Desk, 'actions'>, actionId: string): Press | undefined {
  const wanted = OPEN_ACTION.exec(actionId)?.[1];
  const action = actions.find(({ id }) => id === wanted);
  return action === undefined ? PRESSES[actionId] : opens(action);
}

/**
 * Its value is the ticket of the request on whose message it stands, a word for whoever presses, somebody else as a mention
 * or an address, or the action itself.
 */
function opens(action: Action): Press {
  return (desk, call) => {
    const isAboutRequest = readTicket(call.value) !== undefined;
    const person = asPerson(call.value) === undefined ? '' : call.value;
    const words = call.value === FOR_ONESELF ? `<@${call.userId}>` : person;
    return openForm(desk, action, call, isAboutRequest ? { ticket: call.value } : { words });
  };
}
