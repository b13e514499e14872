import type { Post } from '../core/post.ts';
import { digestDetails } from './digest-details.ts';
import { digestMessage } from './digest-message.ts';
import type { Drawing } from './drawing.ts';
import { otpHelpMessage } from './otp-help-message.ts';
import { reviewKey } from './review-file.ts';
import { reviewMessage } from './review-message.ts';
import { tunnelAlert } from './tunnel-alert.ts';

/** Those that hold everything they show, and belong to no request. */
const LONE = ['tunnel-alert', 'otp-help', 'digest', 'digest-details', 'review'] as const satisfies Post['kind'][];
export type LonePost = Extract<Post, { kind: (typeof LONE)[number] }>;

const LONE_KINDS: ReadonlySet<Post['kind']> = new Set(LONE);

export function isLone(post: Post): post is LonePost {
  return LONE_KINDS.has(post.kind);
}

/** What such a post shows, where, and its version: an older one never takes the place of a newer one. */
export function drawLonePost(post: LonePost): { readonly drawing: Drawing; readonly version: number } {
  switch (post.kind) {
    case 'tunnel-alert':
      return {
        drawing: {
          key: `tunnel-alert:${post.alertId}`,
          to: { channel: 'ops' },
          message: tunnelAlert(post),
          isEdited: true,
        },
        version: post.seq,
      };
    case 'digest':
      return {
        drawing: {
          key: digestKey(post),
          to: whereTo(post),
          message: digestMessage(post.data),
          isEdited: false,
        },
        version: 1,
      };
    case 'digest-details':
      return {
        drawing: {
          key: `digest-details:${digestKey(post)}`,
          to: whereTo(post),
          thread: digestKey(post),
          message: digestDetails(post.data),
          isEdited: false,
        },
        version: 1,
      };
    case 'review':
      return {
        drawing: {
          key: reviewKey(post.data),
          to: { channel: 'digest' },
          message: reviewMessage(post.data),
          isEdited: false,
        },
        version: 1,
      };
    case 'otp-help':
      return {
        drawing: {
          key: `otp-help:${post.slackId}:${post.requestId ?? ''}`,
          to: { slackId: post.slackId },
          message: otpHelpMessage(post),
          isEdited: false,
          keepMs: OTP_HELP_MS,
        },
        version: 1,
      };
  }
}

type DigestPost = Extract<Post, { kind: 'digest' | 'digest-details' }>;

/** One for each day in the channel; each that somebody asked for is one of its own. */
function digestKey({ day, data, askedBy }: DigestPost): string {
  return askedBy === undefined ? `digest:${day}` : `digest:${day}:${askedBy}:${data.head?.seq ?? 'altered'}`;
}

function whereTo({ askedBy }: DigestPost): Drawing['to'] {
  return askedBy === undefined ? { channel: 'digest' } : { slackId: askedBy };
}

/** Asked for again within this time, the same help is not sent a second time. */
const OTP_HELP_MS = 10 * 60 * 1000;
