import { describe, expect, it } from 'vitest';
import { Post } from '../../src/core/post.ts';
import { sendWelcome } from '../../src/steps/send-welcome.ts';
import { anAccount } from '../builders/an-account.ts';
import { ANA, BEN } from '../builders/a-request.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';

const ARGS = {
  slackId: ANA.slackId,
  isForReader: true,
  email: ANA.email,
  name: ANA.name,
  teamName: 'lantern-health',
  appUrl: 'http://ocs.lantern.example:8000',
  isReplacement: false,
};
const bound = sendWelcome.bind(ARGS);

describe('telling a new colleague how to get in', () => {
  it('leaves one message, however often it is run', async () => {
    const { context, posted } = anAccount(aSnapshot());

    await (await bound.look(context)).apply();
    await (await bound.look(context)).apply();

    expect(posted.size).toBe(1);
  });

  it('leaves one message for each whom the requester has to tell', async () => {
    const { context, posted } = anAccount(aSnapshot());
    const outside = { ...ARGS, slackId: BEN.slackId, isForReader: false };

    for (const email of ['sam@partner.example', 'kim@partner.example']) {
      await (await sendWelcome.bind({ ...outside, email, name: email }).look(context)).apply();
    }

    expect(posted.size).toBe(2);
  });

  it('leaves what the outbox understands', async () => {
    const { context, posted } = anAccount(aSnapshot());

    await (await bound.look(context)).apply();

    expect(Post.parse([...posted.values()][0])).toMatchObject({
      kind: 'welcome',
      requestId: 'REQ-0142',
      slackId: ANA.slackId,
      isReplacement: false,
    });
  });

  it('says what is sent to whom', () => {
    const says = [{}, { isForReader: false }, { isReplacement: true }, { isForReader: false, isReplacement: true }].map(
      (changes) => sendWelcome.bind({ ...ARGS, ...changes }).says,
    );

    expect(says).toMatchInlineSnapshot(`
      [
        "Send Ana Souza the steps to sign in",
        "Send the requester the steps to sign in, to pass on to Ana Souza, who is not in Slack",
        "Send Ana Souza the steps to connect the device",
        "Send the requester the steps to connect the device, to pass on to Ana Souza, who is not in Slack",
      ]
    `);
  });

  it('can’t be seen afterwards, nor taken back, and writes to nothing that is shared', () => {
    expect([bound.readsBack, sendWelcome.undoes, bound.resources]).toEqual([false, 'nothing', []]);
  });
});
