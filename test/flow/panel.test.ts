import { expect, it } from 'vitest';
import { useSandbox } from '../harness/use-sandbox.ts';
import { newestSaid, says } from './answer-driver.ts';
import { BEN, letIn, newestIn } from './leaving-driver.ts';
import { incidentSays, lostFormOpens, picksDevice } from './lost-driver.ts';
import { auditAll } from './onboarding-driver.ts';

const start = useSandbox();

it('an approver posts the panel, and its button works for everybody in the channel', async () => {
  const sandbox = await start();
  const { slack } = sandbox;
  letIn(sandbox, BEN);

  expect(await says(sandbox, 'cara', '/ocs-access panel', 'ocs-approvals')).toMatchInlineSnapshot(
    `"It is posted. Pin it, so that everybody finds it: the three dots of the message, then “Pin to channel”."`,
  );
  const panel = newestIn(sandbox, 'ocs-approvals');
  expect(slack.text(panel)).toMatchInlineSnapshot(`
    "Is a laptop lost or stolen? Press the button at once, at any hour: it is cut off from Open Chat Studio within seconds.
    [Report a lost device]"
  `);

  await slack.as('ben').clicks(panel, 'Report a lost device');
  await lostFormOpens(sandbox, 'ben');
  await picksDevice(sandbox, 'ben');
  expect((await slack.as('ben').submits()).errors ?? {}).toEqual({});

  await incidentSays(sandbox, /✅.*REQ-0001/);
  expect(sandbox.cloudflare.account.waysIn(BEN.email)).not.toContain('registered on ben.okafor-laptop');
  // It stays as it was, for the next one.
  expect(slack.text(newestIn(sandbox, 'ocs-approvals'))).toBe(slack.text(panel));
});

it('says how to invite the bot where it is not', async () => {
  const sandbox = await start();
  const { slack } = sandbox;

  expect(await says(sandbox, 'cara', '/ocs-access panel', 'general')).toMatchInlineSnapshot(
    `"I am not in this channel, so I can’t post here. Type /invite @ocs-access in it and then the command again."`,
  );
  expect(slack.messages('general')).toEqual([]);
});

it('says so in a conversation of two', async () => {
  const sandbox = await start();
  expect(await says(sandbox, 'cara', '/ocs-access panel', 'dm')).toMatchInlineSnapshot(
    `"It is posted. Pin it, so that everybody finds it: the three dots of the message, then “Pin to channel”."`,
  );
});

it('is not for somebody who is no approver: they are told, and it is written down', async () => {
  const sandbox = await start();
  const { slack } = sandbox;

  expect(await says(sandbox, 'ben', '/ocs-access panel', 'ocs-approvals')).toMatchInlineSnapshot(
    `"Only approvers can post the panel. Ask one of them to do it."`,
  );

  expect(slack.messages('ocs-approvals')).toEqual([]);
  expect(await auditAll(sandbox)).toEqual([
    'request.refused: Ben Okafor tried to post the panel without being an approver.',
  ]);
});

it('refuses one who has just left the approvers', async () => {
  const sandbox = await start();
  const { slack } = sandbox;
  await says(sandbox, 'cara', '/ocs-access requests');
  await slack.groups.remove('ocs-approvers', 'cara', { emit: false });

  await says(sandbox, 'cara', '/ocs-access panel', 'ocs-approvals');

  expect(slack.text(newestSaid(sandbox, 'cara'))).toMatch(/Only approvers/);
  expect(slack.messages('ocs-approvals')).toEqual([]);
});
