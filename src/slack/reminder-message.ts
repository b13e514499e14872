import type { Request } from '../core/request.ts';
import { note, section } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import type { Message } from './message.ts';
import { requesterName } from './people.ts';
import { bold, line, rich } from './rich.ts';
import { time } from './time.ts';

interface Call {
  /** Of the approvers, in mrkdwn. */
  readonly mention: string | undefined;
  /** It can’t wait: they are called as soon as it is asked. */
  readonly isFirst: boolean;
}

/** Calls the approvers to a request that waits for them. Its buttons are on the message that this answers. */
export function reminderMessage(request: Request, { mention, isFirst }: Call): Message {
  const { id, says, createdAt, expiresAt } = request;
  const whom = mention === undefined ? 'Approvers:' : mention;
  const why = isFirst ? 'this can’t wait. Please decide now.' : 'this still waits for a decision.';
  const asker = escapeToFit(requesterName(request), 200);
  return {
    text: `${whom} ${why} ${id}, asked by ${asker}: ${escapeToFit(says, 1000)}.`,
    blocks: [
      section(`${isFirst ? '🚨' : '⏰'} ${whom} ${why}`),
      rich(line(bold(`${id}:`), ' ', `${fit(says, 600)}.`)),
      note(
        `Asked by ${asker} ${time(createdAt)}. Expires ${time(expiresAt)} if nobody decides. The buttons are on the message that this answers.`,
      ),
    ],
  };
}
