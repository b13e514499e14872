import { createHash } from 'node:crypto';
import type { WebClient } from '@slack/web-api';
import { PermanentError, TransientError } from '../core/errors.ts';
import { canonical } from '../core/plan.ts';
import type { Directory, Notifier, Store } from '../core/ports.ts';
import { deliverMessage } from './deliver-message.ts';
import { createDms } from './dm.ts';
import { drawPost, type Drawing, type RequestPost } from './draw-post.ts';
import { operatorAlert } from './operator-alert.ts';
import { createPosted, type Handle, type MessageStore } from './posted.ts';
import { slackCode } from './translate-error.ts';

export interface NotifierDependencies {
  /** One that fails at once on 429: the outbox does the waiting. */
  readonly client: Pick<WebClient, 'chat' | 'conversations'>;
  readonly store: MessageStore & Pick<Store, 'load'>;
  readonly directory: Pick<Directory, 'find'>;
  /** Channel ids. */
  readonly channels: { readonly approvals: string; readonly audit: string; readonly ops: string };
  readonly logger?: Pick<Logger, 'warn'>;
}

/** The one method of a pino logger that is used. */
interface Logger {
  warn(facts: Record<string, unknown>, message: string): void;
}

interface Picture {
  readonly drawing: Drawing;
  readonly channel: string;
  readonly shown: string;
  readonly version: number;
}

/** Slack's words for a message that is there no more or that we may not edit any more. */
const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
const REDRAWN_AT_MOST = 5;

/**
 * Shows posts in Slack. Messages are drawn from the request as it is at delivery, so a late or repeated post shows the
 * truth; one that would show nothing new is skipped. A post whose answer was lost is posted again: Slack has no way to
 * say “only once”, and two messages are better than none.
 */
export function createNotifier({ client, store, directory, channels, logger }: NotifierDependencies): Notifier {
  const posted = createPosted(store);
  const dms = createDms(client, store);

  /** True if another process is ahead of what was read here: it has to be read and drawn again. */
  async function show(post: RequestPost): Promise<boolean> {
    const request = await store.load(post.requestId);
    if (request === undefined) {
      throw new PermanentError(`There is no request ${post.requestId} any more.`, { code: 'no-such-request' });
    }
    const drawing = await drawPost(post, request, directory);
    if (drawing === undefined) return false;
    const before = await posted.find(drawing.key);
    if (before === undefined ? drawing.isLate === true : !drawing.isEdited) return false;

    const channel = await channelOf(drawing);
    const picture = { drawing, channel, shown: digest(drawing.message), version: request.version };
    if (before?.channel === channel) {
      if (before.version > request.version) return true;
      if (before.shown === picture.shown) return false;
      const edited = await edit(before, picture);
      if (edited !== 'gone') return edited === 'outrun';
    }
    await postAnew(picture, before);
    return false;
  }

  async function edit(
    { channel, ts, look }: Handle,
    { drawing, shown, version }: Picture,
  ): Promise<'edited' | 'outrun' | 'gone'> {
    try {
      const delivered = await deliverMessage(client, { channel, ts }, drawing.message, look);
      const meanwhile = await posted.find(drawing.key);
      if (meanwhile !== undefined && meanwhile.version > version) {
        // What stands there now is ours, and older: nobody may take it for what the handle says.
        await posted.remember(drawing.key, { ...meanwhile, shown: '' });
        return 'outrun';
      }
      await posted.remember(drawing.key, { ...delivered, shown, version });
      return 'edited';
    } catch (error) {
      if (GONE.has(slackCode(error) ?? '')) return 'gone';
      throw error;
    }
  }

  async function postAnew({ drawing, channel, shown, version }: Picture, before: Handle | undefined): Promise<void> {
    const { key, to, message, keepMs } = drawing;
    if (!(await posted.claim(key))) throw beingPosted(key);
    try {
      // Another process may have posted it between our look and our claim.
      const now = await posted.find(key);
      if (now !== undefined && now.ts !== before?.ts) throw beingPosted(key);
      const delivered = await deliverMessage(client, { channel }, message);
      const { look } = delivered;
      if (look !== 'full') logger?.warn({ key, look }, 'Slack refused blocks, so a plainer message was sent');
      await posted.remember(key, { ...delivered, shown, version }, keepMs);
    } catch (error) {
      if (!('slackId' in to) || slackCode(error) !== 'channel_not_found') throw error;
      await dms.forget(to.slackId);
      throw new TransientError('The direct message channel is not there any more; it is opened again.', {
        code: 'dm-closed',
        cause: error,
      });
    } finally {
      await posted.release(key);
    }
  }

  function channelOf({ to }: Drawing): Promise<string> | string {
    return 'slackId' in to ? dms.channelOf(to.slackId) : channels[to.channel];
  }

  return {
    async deliver(post) {
      if (post.kind === 'operator-alert') {
        await deliverMessage(client, { channel: channels.ops }, operatorAlert(post));
        return;
      }
      for (let round = 1; await show(post); round += 1) {
        if (round === REDRAWN_AT_MOST) throw beingPosted(post.requestId);
      }
    },
  };
}

function beingPosted(key: string): TransientError {
  return new TransientError(`Another process is posting ${key}.`, { code: 'message-busy', retryAfterMs: 500 });
}

function digest(message: Drawing['message']): string {
  return createHash('sha256').update(canonical(message)).digest('hex').slice(0, 24);
}
