import { expect, it } from 'vitest';
import { dayInWords } from '../../src/slack/digest-words.ts';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { says } from './answer-driver.ts';
import {
  becomes,
  beginsOn,
  digestsIn,
  hoursOf,
  looksAt,
  passesAndIsTold,
  tells,
  today,
  ZONE,
} from './digest-driver.ts';
import { backUp, DAY } from './end-dates-driver.ts';
import { auditAll, dmSays } from './onboarding-driver.ts';
import { passTime } from '../harness/pass-time.ts';

const start = useSandbox();

/** A house, not started yet, that tells each day at eight, in Berlin. It has no tunnel to watch. */
function aHouse(env: Readonly<Record<string, string>> = {}): Promise<TestSandbox> {
  return start({ env: { TIMEZONE: ZONE, ...env }, rounds: ['logs', 'digest'], parts: [] });
}

async function sentIn(sandbox: TestSandbox): Promise<string[]> {
  return (await auditAll(sandbox)).filter((line) => line.startsWith('digest.sent'));
}

it('the day is told in the morning, with its details in the thread, once for two workers', async () => {
  const sandbox = await aHouse();
  const { account } = sandbox.cloudflare;
  const { day, filling: attack } = await beginsOn(sandbox, (hours) => account.generateDay('attack', hours));
  await sandbox.start(['worker']);

  await passesAndIsTold(sandbox, 4);
  const [digest, ...more] = await tells(sandbox, 1);

  expect(more).toEqual([]);
  const allowed = attack.access.filter((row) => row.allowed).length;
  const denied = attack.access.length - allowed;
  expect(await sentIn(sandbox)).toEqual([
    `digest.sent: The digest of ${day} was sent. Sign-ins: ${allowed}. Turned away: ${denied}.`,
  ]);
  expect(digest?.says).toContain(dayInWords(day));
  expect(digest?.says).toContain(attack.revoked);
  expect(digest?.says).toContain(attack.traveller);
  expect(digest?.says).not.toMatch(/A gap/);

  await looksAt(sandbox, 'digest', 4);
  expect(digestsIn(sandbox)).toHaveLength(1);
  expect(await sentIn(sandbox)).toHaveLength(1);
});

it('three days without a worker are made up for, oldest first', async () => {
  const sandbox = await aHouse();
  const { account } = sandbox.cloudflare;
  const { day: first } = await beginsOn(sandbox, (hours) => account.generateDay('quiet', hours));
  await passesAndIsTold(sandbox);
  await tells(sandbox, 1);

  const missed: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    missed.push(today(sandbox));
    account.generateDay('quiet', hoursOf(today(sandbox)));
    await passTime(sandbox, DAY);
  }
  await looksAt(sandbox, 'logs');
  await looksAt(sandbox, 'digest');

  const told = await tells(sandbox, 4);
  expect(told.map(({ says: text }) => [first, ...missed].findIndex((day) => text.includes(dayInWords(day))))).toEqual([
    0, 1, 2, 3,
  ]);
  expect(told[1]?.says).toContain('A gap');
  expect(told.map(({ says: text }) => text.includes('Late: this was due'))).toEqual([false, true, true, false]);
  expect(await sentIn(sandbox)).toHaveLength(4);
});

it('a memory that was restored from before tells the days since then again, and each once', async () => {
  const sandbox = await aHouse();
  const { account } = sandbox.cloudflare;
  const { day: first } = await beginsOn(sandbox, (hours) => account.generateDay('quiet', hours));
  await passesAndIsTold(sandbox);
  await tells(sandbox, 1);
  const restore = await backUp(sandbox);
  account.generateDay('quiet', hoursOf(today(sandbox)));
  await passesAndIsTold(sandbox);
  await tells(sandbox, 2);

  await restore();
  await looksAt(sandbox, 'logs');
  await looksAt(sandbox, 'digest', 2);
  await tells(sandbox, 3);

  expect(await sentIn(sandbox)).toHaveLength(2);
  expect(digestsIn(sandbox).filter(({ says: text }) => text.includes(dayInWords(first)))).toHaveLength(1);
});

it('in an archived channel nobody is told: the approvers hear of it directly, and get the digest when they ask', async () => {
  const sandbox = await aHouse({ OPS_CHANNEL: 'C05AUDIT001' });
  const { slack, cloudflare } = sandbox;
  const { day } = await beginsOn(sandbox, (hours) => cloudflare.account.generateDay('attack', hours));
  slack.channels.archive('ocs-audit');

  await passesAndIsTold(sandbox);

  expect(await dmSays(sandbox, 'cara', /could not be delivered/)).toBe(
    `# 🔧 ocs-access needs its operator\nThe digest of ${day} could not be delivered. The channel is archived. Unarchive it, or put another one into the configuration. To read it nevertheless, type /ocs-access logs digest ${day}. You get this directly because it can’t be said in the channel of the operators: The channel is archived. Unarchive it, or put another one into the configuration.`,
  );
  expect(await says(sandbox, 'cara', `/ocs-access logs digest ${day}`)).toBe(
    `I am making the digest of ${day}. It comes as a direct message.`,
  );
  expect(await dmSays(sandbox, 'cara', new RegExp(dayInWords(day)))).toContain('turned away');
  expect(slack.dms('cara').filter((message) => /could not be/.test(slack.text(message)))).toHaveLength(1);
  expect(await sentIn(sandbox)).toHaveLength(1);
});

it('an approver gets today so far, and reads in the audit log who asked', async () => {
  const sandbox = await aHouse();
  const { account } = sandbox.cloudflare;
  const { day } = await beginsOn(sandbox, (hours) => account.generateDay('busy', { ...hours, signIns: 50 }));
  await becomes(sandbox, 18);
  await looksAt(sandbox, 'logs');

  await says(sandbox, 'cara', '/ocs-access logs digest today');
  await dmSays(sandbox, 'cara', new RegExp(dayInWords(day)));

  expect(await says(sandbox, 'dina', '/ocs-access audit')).toContain(`Cara Lindqvist asked for the digest of ${day}.`);
  expect(digestsIn(sandbox)).toEqual([]);
});
