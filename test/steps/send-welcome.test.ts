import { describe, expect, it } from 'vitest';
import { Post } from '../../src/core/post.ts';
import { sendWelcome } from '../../src/steps/send-welcome.ts';
import { ANA } from '../builders/a-request.ts';
import { aContext } from '../builders/a-context.ts';

const bound = sendWelcome.bind({
  slackId: ANA.slackId,
  isForReader: true,
  email: ANA.email,
  name: ANA.name,
  teamName: 'lantern-health',
  appUrl: 'http://ocs.lantern.example:8000',
});

describe('telling a new colleague how to get in', () => {
  it('enqueues one message, however often it is run', async () => {
    const { context, enqueued } = aContext();

    await (await bound.look(context)).apply();
    await (await bound.look(context)).apply();

    expect(new Set(enqueued.map(({ key }) => key)).size).toBe(1);
    expect(enqueued).toHaveLength(2);
  });

  it('enqueues what the outbox understands', async () => {
    const { context, enqueued } = aContext();

    await (await bound.look(context)).apply();

    expect(Post.parse(enqueued[0]?.post)).toMatchObject({
      kind: 'welcome',
      requestId: 'REQ-0142',
      slackId: ANA.slackId,
    });
  });

  it('can’t be seen afterwards, nor taken back, and writes to nothing that is shared', () => {
    expect([bound.readsBack, sendWelcome.undoable, bound.resource]).toEqual([false, false, undefined]);
  });
});
