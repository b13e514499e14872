import type { View } from '@slack/types';
import type { Message } from '../slack/message.ts';

/** A command typed, a button pressed or a form sent, the same to every handler. */
export interface Call {
  readonly userId: string;
  /** The workspace that the payload says the person belongs to. */
  readonly teamId: string;
  /** The words after the command, the button's value, or the form's metadata. */
  readonly value: string;
  /** Answers only this person, where they are. Never throws: Slack being down must not undo what was done. */
  /** `inPlace`: instead of the message whose button was pressed, where that can be. */
  reply(message: Message, options?: { readonly inPlace?: boolean }): Promise<void>;
  /** Says something to everybody where they are, as the bot. UserError: it may not speak there. */
  post(message: Message): Promise<void>;
  /** Opens a modal, within 3 s of the call; resolves to its id. */
  open(view: View): Promise<string>;
  /** False: they have closed it meanwhile. */
  update(viewId: string, view: View): Promise<boolean>;
}
