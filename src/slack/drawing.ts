import type { Message } from './message.ts';

/** A message with its place. */
export interface Drawing {
  /** Names the one message: the same key is the same message, edited or, if `isEdited` is false, posted once. */
  readonly key: string;
  readonly to:
    | { readonly channel: 'approvals' | 'audit' | 'security' | 'ops' | 'digest' }
    | { readonly slackId: string };
  readonly message: Message;
  readonly isEdited: boolean;
  /** It tells of something that nobody saw begin, so it is not worth a new message; only edits. */
  readonly isLate?: boolean;
  /** Key of the message in whose thread it stands; if that is not there, it stands in the channel. */
  readonly thread?: string;
  /** In a thread: shown in the channel too. */
  readonly isBroadcast?: boolean;
  /** How long a repetition counts as the same message, in milliseconds. */
  readonly keepMs?: number;
}
