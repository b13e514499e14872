import type { WebClient } from '@slack/web-api';
import { PermanentError, TransientError } from '../core/errors.ts';
import { concernedBy, type Homes } from '../core/home.ts';
import type { Directory, Notifier, Store } from '../core/ports.ts';
import type { Post } from '../core/post.ts';
import type { Request } from '../core/request.ts';
import { createChartPictures } from './chart-picture.ts';
import { deliverMessage, type Delivered } from './deliver-message.ts';
import { digest } from './digest.ts';
import { createDms } from './dm.ts';
import { drawPost, type RequestPost } from './draw-post.ts';
import { drawLonePost, isLone, type LonePost } from './draw-lone-post.ts';
import type { Drawing } from './drawing.ts';
import { operatorAlert } from './operator-alert.ts';
import { newestOf } from './newest-alert.ts';
import { createPosted, type Handle, type MessageStore } from './posted.ts';
import { publishHomes } from './publish-home.ts';
import { reviewKey, sendReviewFile } from './review-file.ts';
import { slackCode } from './translate-error.ts';

export interface NotifierDependencies {
  /** One that fails at once on 429: the outbox does the waiting. */
  readonly client: Pick<WebClient, 'chat' | 'conversations' | 'files' | 'views'>;
  readonly store: MessageStore & Pick<Store, 'load'>;
  readonly directory: Pick<Directory, 'find' | 'approvers' | 'approversMention'>;
  /** Channel ids. */
  readonly channels: {
    readonly approvals: string;
    readonly audit: string;
    readonly ops: string;
    readonly security: string;
    readonly digest: string;
  };
  /** What the Home tabs of these people show: of those who have ever opened theirs. */
  readonly homesOf: (slackIds: readonly string[]) => Promise<Homes>;
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
/** Slack's words for a thread whose first message is there no more. */
const NO_THREAD = new Set(['cannot_reply_to_message', 'thread_not_found', 'message_not_found']);
const REDRAWN_AT_MOST = 5;

/**
 * Shows posts in Slack. Messages are drawn from the request as it is at delivery, so a late or repeated post shows the
 * truth; one that would show nothing new is skipped. A post whose answer was lost is posted again: Slack has no way to
 * say “only once”, and two messages are better than none.
 */
export function createNotifier({
  client,
  store,
  directory,
  channels,
  homesOf,
  logger,
}: NotifierDependencies): Notifier {
  const posted = createPosted(store);
  const dms = createDms(client, store);
  const followUp = createChartPictures(client, store);

  async function load(requestId: string): Promise<Request> {
    const request = await store.load(requestId);
    if (request !== undefined) return request;
    throw new PermanentError(`There is no request ${requestId} any more.`, { code: 'no-such-request' });
  }

  async function drawnOf(post: RequestPost) {
    const request = await load(post.requestId);
    const drawing = await drawPost(post, request, directory);
    return drawing && { drawing, version: request.version };
  }

  /** True if another process is ahead of what was read here: it has to be read and drawn again. */
  async function show(post: RequestPost | LonePost): Promise<boolean> {
    const drawn = isLone(post) ? drawLonePost(await newestOf(store, post)) : await drawnOf(post);
    if (drawn === undefined) return false;
    const { drawing, version } = drawn;
    const before = await posted.find(drawing.key);
    if (before === undefined && drawing.isLate === true) return false;
    if (before !== undefined && !drawing.isEdited) {
      await followUp(drawing, before);
      return false;
    }

    const { to } = drawing;
    const showIn = async (channel: string): Promise<boolean> => {
      const picture = { drawing, channel, shown: digest(drawing.message), version };
      if (before?.channel === channel) {
        if (before.version > version) return !isLone(post);
        if (before.shown === picture.shown) return false;
        const edited = await edit(before, picture);
        if (edited !== 'gone') return edited === 'outrun';
      }
      await followUp(drawing, await postAnew(picture, before));
      return false;
    };
    return 'slackId' in to ? dms.send(to.slackId, showIn) : showIn(channels[to.channel]);
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

  async function postAnew(
    { drawing, channel, shown, version }: Picture,
    before: Handle | undefined,
  ): Promise<Delivered> {
    const { key, keepMs } = drawing;
    if (!(await posted.claim(key))) throw beingPosted(key);
    try {
      // Another process may have posted it between our look and our claim.
      const now = await posted.find(key);
      if (now !== undefined && now.ts !== before?.ts) throw beingPosted(key);
      const delivered = await postNew(drawing, channel);
      const { look } = delivered;
      if (look !== 'full') logger?.warn({ key, look }, 'Slack refused blocks, so a plainer message was sent');
      await posted.remember(key, { ...delivered, shown, version }, keepMs);
      return delivered;
    } finally {
      await posted.release(key);
    }
  }

  async function postNew({ thread, isBroadcast = false, message }: Drawing, channel: string): Promise<Delivered> {
    const parent = thread === undefined ? undefined : await posted.find(thread);
    if (parent?.channel !== channel) return deliverMessage(client, { channel }, message);
    try {
      return await deliverMessage(client, { channel, thread: { ts: parent.ts, isBroadcast } }, message);
    } catch (error) {
      if (!NO_THREAD.has(slackCode(error) ?? '')) throw error;
      return deliverMessage(client, { channel }, message);
    }
  }

  /** The file after the message of a review, in its thread. */
  async function sendListOf({ data }: Extract<Post, { kind: 'review' }>): Promise<void> {
    const key = reviewKey(data);
    const claim = `${key}:list`;
    if (!(await posted.claim(claim))) throw beingPosted(claim);
    try {
      const channel = channels.digest;
      const parent = await posted.find(key);
      const threadTs = parent?.channel === channel ? parent.ts : undefined;
      await sendReviewFile({ client, store }, data, { channel, threadTs });
    } finally {
      await posted.release(claim);
    }
  }

  /** In the channel of the operators; where that can't be, to each approver. */
  async function alertOperator(post: Extract<Post, { kind: 'operator-alert' }>): Promise<void> {
    try {
      await deliverMessage(client, { channel: channels.ops }, operatorAlert(post));
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      const says = `${post.says} You get this directly because it can’t be said in the channel of the operators: ${error.message}`;
      const message = operatorAlert({ ...post, says });
      const sent = await Promise.allSettled(
        [...(await directory.approvers())].map((slackId) =>
          dms.send(slackId, (channel) => deliverMessage(client, { channel }, message)),
        ),
      );
      // Whoever has it must not get it again for the sake of the others.
      if (sent.some(({ status }) => status === 'fulfilled')) return;
      const passing = sent.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      throw passing.find((reason) => reason instanceof TransientError) ?? error;
    }
  }

  return {
    async deliver(post) {
      if (post.kind === 'operator-alert') return alertOperator(post);
      if (post.kind === 'home') return publishHomes({ client, store, homesOf }, [post.slackId]);
      if (post.kind === 'homes') {
        const [request, approvers] = await Promise.all([load(post.requestId), directory.approvers()]);
        return publishHomes({ client, store, homesOf }, concernedBy(request, approvers));
      }
      for (let round = 1; await show(post); round += 1) {
        if (round === REDRAWN_AT_MOST) throw beingPosted(post.kind);
      }
      if (post.kind === 'review') await sendListOf(post);
    },
  };
}

function beingPosted(key: string): TransientError {
  return new TransientError(`Another process is posting ${key}.`, { code: 'message-busy', retryAfterMs: 500 });
}
