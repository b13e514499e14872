import type { Directory } from '../core/ports.ts';
import type { Post } from '../core/post.ts';
import type { Request } from '../core/request.ts';
import { attemptsMessage, wasLetIn } from './attempts-message.ts';
import type { Drawing } from './drawing.ts';
import { incidentEvents } from './incident-events.ts';
import { reminderMessage } from './reminder-message.ts';
import { stuckMessage } from './stuck-message.ts';

type Reply = Extract<Post, { kind: 'incident-events' | 'attempts' | 'reminder' | 'stuck' }>;

/** What stands in the thread of a request; undefined when it has become needless. */
export async function drawReply(
  post: Reply,
  request: Request,
  directory: Pick<Directory, 'approversMention'>,
): Promise<Drawing | undefined> {
  const key = `${post.kind}:${request.id}`;
  const followed = request.isUrgent ? 'incident-card' : 'approval-card';
  switch (post.kind) {
    case 'incident-events': {
      // Told again when somebody was at the door since: what was cut off only later let them in until then.
      const about = `${key}:${post.email}:${latestOf(post.events)}`;
      return { ...under(followed, request, about), message: incidentEvents(request, post) };
    }
    case 'attempts': {
      const isBroadcast = wasLetIn(post.events);
      const mention = isBroadcast ? await directory.approversMention() : undefined;
      const message = attemptsMessage(request, post, mention);
      // The last attempt tells one report from the next.
      return { ...under(followed, request, `${key}:${latestOf(post.events)}`), message, isBroadcast };
    }
    case 'reminder': {
      // Decided meanwhile: nobody has to be called any more.
      if (request.status !== 'pending') return undefined;
      const { isFirst } = post;
      const message = reminderMessage(request, { mention: await directory.approversMention(), isFirst });
      // Where the buttons are.
      return { ...under('approval-card', request, `${key}:${isFirst}`), message, isBroadcast: true };
    }
    case 'stuck': {
      const message = stuckMessage(request, await directory.approversMention());
      return message && { ...under(followed, request, key), message, isBroadcast: true };
    }
  }
}

function latestOf(events: Extract<Reply, { kind: 'attempts' }>['events']): number {
  return Math.max(0, ...events.map(({ at }) => at));
}

function under(card: 'incident-card' | 'approval-card', { id }: Request, key: string): Omit<Drawing, 'message'> {
  const channel = card === 'incident-card' ? 'security' : 'approvals';
  return { key, to: { channel }, thread: `${card}:${id}`, isEdited: false };
}
