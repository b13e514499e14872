import { PermanentError } from '../core/errors.ts';
import { isSystem } from '../core/person.ts';
import type { Directory } from '../core/ports.ts';
import type { Post } from '../core/post.ts';
import type { Request } from '../core/request.ts';
import { approvalCard } from './approval-card.ts';
import { auditSummary } from './audit-summary.ts';
import { deviceReported } from './device-reported.ts';
import { drawReply } from './draw-reply.ts';
import type { LonePost } from './draw-lone-post.ts';
import type { Drawing } from './drawing.ts';
import { endNotice } from './end-notice.ts';
import { exportChallenge } from './export-challenge.ts';
import { feedbackMessage } from './feedback-message.ts';
import { incidentCard } from './incident-card.ts';
import { inviteMessage } from './invite-message.ts';
import { outcomeMessage } from './outcome-message.ts';
import { requesterCard } from './requester-card.ts';
import { isSlackId } from './rich.ts';
import { welcomeMessage } from './welcome-message.ts';

/** Those that are messages about a request. */
export type RequestPost = Exclude<Post, LonePost | { kind: 'operator-alert' | 'home' | 'homes' }>;

const FEEDBACK_MS = 12 * 60 * 60 * 1000;

/** What a post shows, and where; undefined when there is nobody to show it to. */
export async function drawPost(
  post: RequestPost,
  request: Request,
  directory: Pick<Directory, 'find' | 'approversMention'>,
): Promise<Drawing | undefined> {
  const { id, requester } = request;
  const key = `${post.kind}:${id}`;
  const toRequester = isSystem(requester) ? undefined : { slackId: requester.slackId };
  switch (post.kind) {
    case 'incident-events':
    case 'attempts':
    case 'reminder':
    case 'stuck':
      return drawReply(post, request, directory);
    case 'approval-card':
      // Withdrawn or expired before there was a plan: the approvers never heard of it.
      if (request.plan === undefined) return undefined;
      return { key, to: { channel: 'approvals' }, message: approvalCard(request), isEdited: true };
    case 'audit-summary':
      return { key, to: { channel: 'audit' }, message: auditSummary(request), isEdited: true };
    case 'requester-card':
      return toRequester && { key, to: toRequester, message: requesterCard(request), isEdited: true };
    case 'outcome':
      return toRequester && { key, to: toRequester, message: outcomeMessage(request), isEdited: false };
    case 'invite': {
      const isLate = request.status !== 'waiting';
      return { key, to: { slackId: inviteeOf(request) }, message: inviteMessage(request), isEdited: true, isLate };
    }
    case 'welcome':
      return {
        key: `${key}:${post.slackId}:${post.email}`,
        to: { slackId: post.slackId },
        message: welcomeMessage(request, post),
        isEdited: false,
      };
    case 'incident-card':
      return { key, to: { channel: 'security' }, message: incidentCard(request), isEdited: true };
    case 'device-reported':
      return {
        key: `${key}:${post.slackId}`,
        to: { slackId: post.slackId },
        message: deviceReported(request),
        isEdited: false,
      };
    case 'end-notice':
      return {
        key: `${key}:${post.person.email}:${post.endsAt}:${post.days}:${post.slackId ?? 'approvers'}`,
        to: post.slackId === undefined ? { channel: 'approvals' } : { slackId: post.slackId },
        message: endNotice(request, post),
        isEdited: false,
      };
    case 'export-challenge': {
      const message = exportChallenge(request, post.filename);
      // A file for each time it was written: the newest counts.
      return toRequester && { key: `${key}:${post.filename}`, to: toRequester, message, isEdited: false };
    }
    case 'feedback': {
      const { from, isIn } = post;
      if (toRequester === undefined) return undefined;
      const person = isSlackId(from) ? (await directory.find(from)).actor : { name: from };
      const message = feedbackMessage(request, { from: person, isIn });
      return { key: `${key}:${from}:${isIn}`, to: toRequester, message, isEdited: false, keepMs: FEEDBACK_MS };
    }
  }
}

function inviteeOf({ id, waitsFor }: Request): string {
  const slackId = waitsFor?.from.slackId;
  if (slackId !== undefined) return slackId;
  throw new PermanentError(`${id} waits for nobody who is in Slack.`, { code: 'nobody-to-invite' });
}
