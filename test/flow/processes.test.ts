import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { useSandbox } from '../harness/use-sandbox.ts';
import { asksForAna, cardOf, cardSays } from './onboarding-driver.ts';

const start = useSandbox();
const isLasting = inject('redisKind') !== 'embedded';
if (!isLasting) {
  process.stderr.write(
    'Skipped on the embedded Redis: programs of their own do not start on a Redis that keeps nothing.\n',
  );
}
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ocs-access-process-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program of ours as the operator starts it, with nothing but a `.env` file. */
function run(program: 'main' | 'bot' | 'worker') {
  const file = fileURLToPath(new URL(`../../src/${program}.ts`, import.meta.url));
  const tsx = import.meta.resolve('tsx');
  const child = spawn(process.execPath, ['--import', tsx, file], {
    cwd: folder,
    env: { PATH: process.env['PATH'], TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
  return { child, said: () => said, ended: once(child, 'exit') };
}

async function writeEnv(env: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(env).map(([name, value]) => `${name}="${value}"`);
  await writeFile(join(folder, '.env'), lines.join('\n'));
}

it('names what is missing and ends, without a stack trace', async () => {
  await writeEnv({ SLACK_BOT_TOKEN: 'xoxb-0000000000-abcdefghij' });

  const { child, said, ended } = run('main');
  await ended;

  expect(child.exitCode).toBe(1);
  expect(said()).toMatch(/The configuration has \d+ mistakes:[\s\S]*CLOUDFLARE_API_TOKEN is missing: /);
  expect(said()).not.toMatch(/\n\s+at |node:internal/);
});

it.runIf(isLasting)(
  'lets a colleague in with a bot and a worker that are programs of their own, and stops when told to',
  async () => {
    const sandbox = await start({ parts: [] });
    await writeEnv(sandbox.env);
    const programs = [run('bot'), run('worker')];
    for (const program of programs) {
      await expect.poll(program.said, { timeout: 20_000 }).toMatch(/ocs-access is running/);
    }

    await asksForAna(sandbox);
    await sandbox.slack.as('cara').clicks(cardOf(sandbox), 'Approve');
    await cardSays(sandbox, /✅ REQ-0001/);

    for (const { child, ended } of programs) {
      child.kill('SIGTERM');
      await ended;
      expect(child.exitCode).toBe(0);
    }
    const logged = programs.map(({ said }) => said()).join('\n');
    for (const secret of [sandbox.slack.botToken, sandbox.slack.appToken, sandbox.cloudflare.token])
      expect(logged).not.toContain(secret);
    expect(logged).not.toMatch(/lanternhealth\.example|C02XK0AZJG5J/);
  },
);

it.runIf(!isLasting)('does not start on a Redis that keeps nothing', async () => {
  const sandbox = await start({ parts: [] });
  await writeEnv(sandbox.env);

  const { child, said, ended } = run('main');
  await ended;

  expect(child.exitCode).toBe(1);
  expect(said()).toMatch(/ocs-access can’t start:\n {2}- Redis does not write everything to disk/);
});
