import type { Post } from '../core/post.ts';
import { header, plainSection } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import type { Message } from './message.ts';

/** Something that only the operator can mend. */
export function operatorAlert({
  says,
  requestId,
}: Pick<Extract<Post, { kind: 'operator-alert' }>, 'says' | 'requestId'>): Message {
  const about = requestId === undefined ? '' : ` It is about ${requestId}.`;
  return {
    text: `ocs-access needs its operator. ${escapeToFit(says, 2000)}${about}`,
    blocks: [header('🔧 ocs-access needs its operator'), plainSection(`${says}${about}`)],
  };
}
