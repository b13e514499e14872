import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli, storeEntries, useOwnLog } from './use-own-log.ts';

const log = useOwnLog();

describe('what can’t be done', () => {
  it('ends with code 2 and a sentence, and shows no stack', async () => {
    const unreachable = await cli('audit verify', { REDIS_URL: `redis://127.0.0.1:${await unusedPort()}` });
    expect(unreachable).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(
        /^Redis can't be reached \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)\. Start it, or correct REDIS_URL\.\n$/,
      ),
    });
    expect(await cli('audit export', { REDIS_PREFIX: 'ocs', REDIS_URI: 'redis://:secret@here' }))
      .toMatchInlineSnapshot(`
      {
        "code": 2,
        "err": "The configuration has 3 mistakes:
        - REDIS_URL is missing: redis://[user:password@]host[:6379][/db]; redis+sentinel://[user:password@]host[:26379],host,…/masterName[?db=0&sentinelPassword=…]; redis+cluster://[user:password@]host[:6379],host,…; rediss in place of redis for TLS
        - REDIS_PREFIX must hold a part in braces, which keeps all keys on one node of a cluster
        - REDIS_URI is not a variable of ours; did you mean REDIS_URL?
      Set variables in the environment or in a .env file; .env.example explains each one.
      ",
        "out": "",
      }
    `);
  });

  it.for(['', 'audit', 'audit erase', 'verify', 'constructor'])('shows how it is used: “%s”', async (words) => {
    const { code, out, err } = await cli(words, log.env);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('ocs-access audit verify [--from <number>] [--head <number>:<hash>]');
    if (words !== '') expect(err).toContain(`There is no command “${words}”.`);
  });

  it('shows it on request', async () => {
    const { out, ...rest } = await cli('audit export --help', log.env);

    expect(rest).toEqual({ code: 2, err: '' });
    expect(out).toMatchInlineSnapshot(`
      "Usage:
        ocs-access audit verify [--from <number>] [--head <number>:<hash>]
            Checks the audit log from its first entry. Exit code 0: whole; 1: not whole; 2: could not be checked.
            --from    checks from this entry on and takes the one before it for given
            --head    also checks that this entry, noted elsewhere, is in the log

        ocs-access audit export [--since <date>] [--until <date>] [--request <id>] [--person <address>]
            Writes the audit log to standard output, oldest entry first, as JSON, one entry a line.
            --since, --until    2026-11-01 (a whole day, in UTC) or 2026-11-01T08:00:00Z
            --request           what belongs to one request, such as REQ-0142
            --person            what is about one person, by e-mail address

      Reads REDIS_URL and REDIS_PREFIX from the environment or from a .env file in the working directory.
      "
    `);
  });
});

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function start(...words: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...words], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...log.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, gone: once(child, 'exit'), err: text(child.stderr) };
}

describe('the program', () => {
  it('tells by its exit code whether the log is whole', async () => {
    await storeEntries(log, 20);
    const whole = start('audit', 'verify');
    expect(await text(whole.child.stdout)).toContain('20 entries, whole.');
    expect(await whole.gone).toEqual([0, null]);
    await log.redis.call('XDEL', log.keys.audit, '7-0');

    const broken = start('audit', 'verify');

    expect(await text(broken.child.stdout)).toContain('Entry 7 is missing');
    expect(await broken.gone).toEqual([1, null]);
    expect(await whole.err).toBe('');
    expect(await broken.err).toBe('');
  });

  it('ends quietly when its reader has seen enough', async () => {
    await storeEntries(log, 5000);
    const { child, gone, err } = start('audit', 'export');

    await once(child.stdout, 'data');
    child.stdout.destroy();

    expect(await gone).toEqual([0, null]);
    expect(await err).toBe('');
  });
});
