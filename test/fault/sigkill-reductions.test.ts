import { expect, it } from 'vitest';
import { reportsLost } from '../flow/lost-driver.ts';
import { auditOf, cardSays } from '../flow/onboarding-driver.ts';
import { spawnHouse } from '../harness/spawn-house.ts';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { picture, writtenOnce } from './account-picture.ts';
import { CARA, DINA, leftOf, NOTHING_LEFT, othersIn, revokesNow } from './reducing.ts';

const start = useSandbox();

/** A worker in a process of its own that is killed at the first call to this place; resolves when it is gone. */
async function worksUntil({ cloudflare, env }: TestSandbox, method: string, path: RegExp) {
  const worker = await spawnHouse(['worker'], env);
  const killed = new Promise<void>((resolve) => {
    cloudflare.after(method, path, () => void worker.kill().then(resolve));
  });
  return { killed };
}

function twiceIn(lines: readonly string[]): string[] {
  return lines.filter((line, index) => lines.indexOf(line) !== index);
}

/** The log is whole, tells each step once and none as failed; each write was made once. */
async function isToldOnce(sandbox: TestSandbox): Promise<void> {
  const told = (await auditOf(sandbox, 'REQ-0001')).filter((line) => line.startsWith('run.'));
  expect(twiceIn(told.map((line) => line.replace(/: (Done|So already|Checked): /, ': ')))).toEqual([]);
  expect(told.filter((line) => line.includes('Failed'))).toEqual([]);
  expect(twiceIn(writtenOnce(sandbox.cloudflare))).toEqual([]);
}

it('a laptop is cut off although the worker is killed when the serial number is out', async () => {
  const sandbox = await start({ parts: ['bot'], cloudflare: { sessions: true } });
  const { cloudflare, slack } = sandbox;
  const { killed } = await worksUntil(sandbox, 'PATCH', /gateway\/lists/);
  const others = othersIn(picture(cloudflare), CARA);

  await reportsLost(sandbox, { by: 'cara' });
  await killed;
  const second = await spawnHouse(['worker'], sandbox.env);

  await slack.until(() => slack.dms('cara').some((message) => /✅ REQ-0001/.test(slack.text(message))), {
    what: 'the end',
    timeoutMs: 60_000,
  });
  await second.kill();
  // She keeps her access, and comes in again with another laptop.
  expect(leftOf(sandbox, CARA)).toEqual({ ...NOTHING_LEFT, rules: 2, hasSeat: true });
  expect(othersIn(picture(cloudflare), CARA)).toEqual(others);
  await isToldOnce(sandbox);
}, 90_000);

it('somebody is really out although the worker is killed between two rules', async () => {
  const sandbox = await start({ parts: ['bot'], cloudflare: { sessions: true } });
  const { cloudflare, slack } = sandbox;
  const { killed } = await worksUntil(sandbox, 'PUT', /policies/);
  const others = othersIn(picture(cloudflare), DINA);

  await revokesNow(sandbox, { of: '@dina' });
  await killed;
  expect(cloudflare.account.waysIn(DINA.email)).not.toEqual([]);
  const second = await spawnHouse(['worker'], sandbox.env);

  await slack.until(() => slack.dms('cara').some((message) => /✅ REQ-0001/.test(slack.text(message))), {
    what: 'the end',
    timeoutMs: 60_000,
  });
  await cardSays(sandbox, /✅ REQ-0001/);
  await second.kill();
  expect(cloudflare.account.waysIn(DINA.email)).toEqual([]);
  expect(leftOf(sandbox, DINA)).toEqual(NOTHING_LEFT);
  expect(othersIn(picture(cloudflare), DINA)).toEqual(others);
  await isToldOnce(sandbox);
}, 90_000);
