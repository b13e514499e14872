import { expect, it } from 'vitest';
import { Post } from '../../src/core/post.ts';
import { sendOtpHelp } from '../../src/steps/send-otp-help.ts';
import { ANA } from '../builders/a-request.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { anAccount } from '../builders/an-account.ts';

const appUrl = 'http://ocs.lantern.example:8000';

it('tells the person once, however often it runs', async () => {
  const { context, posted } = anAccount(aSnapshot());
  const step = sendOtpHelp.bind({ slackId: ANA.slackId, email: ANA.email, appUrl });

  await (await step.look(context)).apply();
  await (await step.look(context)).apply();

  expect(step.says).toBe('Tell ana.souza@lanternhealth.example how to sign in again');
  expect([...posted]).toEqual([
    [
      `otp-help-REQ-0142-${ANA.slackId}`,
      { kind: 'otp-help', slackId: ANA.slackId, email: ANA.email, appUrl, wasReset: true, requestId: 'REQ-0142' },
    ],
  ]);
  expect([...posted.values()].map((post) => Post.parse(post))).toEqual([...posted.values()]);
});

it('says who had it reset, if that is somebody else', async () => {
  const { context, posted } = anAccount(aSnapshot());
  const step = sendOtpHelp.bind({ slackId: ANA.slackId, email: ANA.email, appUrl, askedBy: 'Cara Lindqvist' });
  await (await step.look(context)).apply();
  expect([...posted.values()]).toMatchObject([{ kind: 'otp-help', askedBy: 'Cara Lindqvist' }]);
});

it('has what is to be passed on in the report where the person is not in Slack', async () => {
  const { context, posted } = anAccount(aSnapshot());
  const step = sendOtpHelp.bind({ email: 'sam@partner.example', appUrl });

  const view = await step.look(context);

  expect(step.says).toBe('Say what sam@partner.example has to be told');
  expect(view.holds).toBe(true);
  expect(view.notes).toMatchInlineSnapshot(`
    [
      "I can’t reach sam@partner.example in Slack. Please tell them: wait a minute, open http://ocs.lantern.example:8000 with WARP switched on, ask for a new code and use only that one.",
    ]
  `);
  expect([...posted]).toEqual([]);
});
