import { once } from 'node:events';
import { Writable } from 'node:stream';
import { expect } from 'vitest';
import { pino, type Logger } from 'pino';
import { z } from 'zod';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import { connectForAnswers, type RedisConnection } from '../../src/store/connect.ts';
import type { TestSandbox } from '../harness/use-sandbox.ts';
import { newestSaid, says } from './answer-driver.ts';
import { auditAll, cardSays } from './onboarding-driver.ts';
import { formOf } from './sign-in-driver.ts';

/** How approvers have logs exported, with the words on the screen, and where what they typed could turn up. */

export type Typed = Readonly<Record<string, string>>;

export const LISTED = '/ocs-access logs export';
const REASON = 'The auditor wants a year of sign-ins.';

/** Keys with signs in them that are written otherwise in an address. */
export const R2_ID = 'r2id+0123456789abcdef';
export const R2_KEY = 'r2/secret+key=0123456789ABCDEFabcdef%41';
export const SPLUNK_TOKEN = 'e6d94e8c-5792-4ad1-be3c-29bcaee0197d';
export const DATADOG_KEY = '20e6d94e8c57924ad1be3c29bcaee019';

export const R2: Typed = {
  accountId: '0123456789abcdef0123456789abcdef',
  bucket: 'lantern-logs',
  path: '/zero-trust/',
  accessKeyId: R2_ID,
  secretAccessKey: R2_KEY,
};
export const SPLUNK: Typed = {
  host: 'Splunk.lantern.example:8088',
  channel: '7b3c1f0e-52a4-4d7e-9c1a-0f6e2d8b4a55',
  token: SPLUNK_TOKEN,
};
export const DATADOG: Typed = { site: 'datadoghq.eu', apiKey: DATADOG_KEY };
export const S3: Typed = { bucket: 'lantern-archive', region: 'eu-west-1', path: 'cloudflare' };

/** What an approver sees of the exports. */
export function listed(sandbox: TestSandbox, who = 'cara'): Promise<string> {
  return says(sandbox, who, LISTED);
}

/** Presses one of the buttons below the list; resolves to the form. */
export async function presses(sandbox: TestSandbox, button: string, who = 'cara'): Promise<string> {
  await listed(sandbox, who);
  await sandbox.slack.as(who).clicks(newestSaid(sandbox, who), button);
  return formOf(sandbox, who);
}

/** Fills the open form in and sends it. Resolves to what Slack marks beside its fields. */
export async function sends({ slack }: TestSandbox, typed: Typed, who = 'cara'): Promise<Typed> {
  const person = slack.as(who);
  for (const [field, value] of Object.entries(typed)) await person.sets(field, value);
  await person.sets('reason', REASON);
  return (await person.submits()).errors ?? {};
}

/** Cara asks for an export by the form of a destination; resolves to the card. */
export async function asksFor(sandbox: TestSandbox, button: string, typed: Typed): Promise<string> {
  await presses(sandbox, button);
  expect(await sends(sandbox, typed)).toEqual({});
  return cardSays(sandbox, /waiting for approval/);
}

/** Logs of the house, all levels, as text. */
export function aLog(): { readonly log: Logger; readonly written: () => string } {
  const chunks: string[] = [];
  const into = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { log: pino({ level: 'trace' }, into), written: () => chunks.join('') };
}

/** A secret in the forms in which it could turn up: as it is, in JSON, in an address, in base64 wherever it begins. */
export function formsOf(secret: string): string[] {
  const inBase64 = ['', 'x', 'xx'].map((before) => {
    const text = Buffer.from(before + secret).toString('base64');
    // What depends on its neighbours is left out at both ends.
    return text.slice(before === '' ? 0 : 4, -4);
  });
  const plain = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), encodeURI(secret)];
  const hex = Buffer.from(secret).toString('hex');
  return [...new Set([...plain, ...inBase64, hex, secret.toUpperCase(), secret.toLowerCase()])];
}

/** Every place outside Cloudflare where somebody could read something, in one text for each. */
export async function everythingIn(
  sandbox: TestSandbox,
  written: () => string,
): Promise<Readonly<Record<string, string>>> {
  const { slack } = sandbox;
  const people = ['ana', 'ben', 'cara', 'dina', 'olu'];
  return {
    redis: await redisOf(sandbox),
    'calls to Slack': JSON.stringify(slack.calls),
    messages: JSON.stringify([
      ...['ocs-approvals', 'ocs-audit', 'ocs-security', 'ocs-ops'].map((channel) => slack.messages(channel)),
      ...people.flatMap((who) => [slack.dms(who), slack.as(who).ephemerals(), slack.as(who).home() ?? {}]),
    ]),
    // Without what people typed into them: that is theirs.
    modals: JSON.stringify(
      people.map((who) =>
        slack
          .as(who)
          .views()
          .map((view) => slack.text({ ...view, values: {} })),
      ),
    ),
    logs: written(),
    'audit log': (await auditAll(sandbox)).join('\n'),
  };
}

/** Fails if one of the secrets is anywhere outside Cloudflare, in any of its forms. */
export async function expectNowhere(
  sandbox: TestSandbox,
  written: () => string,
  secrets: readonly string[],
): Promise<void> {
  const found: string[] = [];
  for (const [place, text] of Object.entries(await everythingIn(sandbox, written))) {
    for (const secret of secrets) {
      if (formsOf(secret).some((form) => text.includes(form))) found.push(`${place}: ${secret}`);
    }
  }
  expect(found).toEqual([]);
}

/** How many secrets the vault holds. */
export async function secretsKept(sandbox: TestSandbox): Promise<number> {
  return withRedis(
    sandbox,
    async (redis) => (await keysOf(sandbox, redis)).filter((key) => key.includes(':kept:secret:')).length,
  );
}

async function withRedis<T>({ env }: TestSandbox, work: (redis: RedisConnection) => Promise<T>): Promise<T> {
  const redis = connectForAnswers(parseRedisTarget(env['REDIS_URL'] ?? ''), { onError: () => undefined });
  await once(redis, 'ready');
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

async function keysOf({ env }: TestSandbox, redis: RedisConnection): Promise<string[]> {
  return z.array(z.string()).parse(await redis.call('KEYS', `${env['REDIS_PREFIX'] ?? ''}*`));
}

const READ: Readonly<Record<string, (key: string) => [string, ...string[]]>> = {
  string: (key) => ['GET', key],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  set: (key) => ['SMEMBERS', key],
  zset: (key) => ['ZRANGE', key, '0', '-1'],
  stream: (key) => ['XRANGE', key, '-', '+'],
};

/** All keys of the sandbox with all their values. */
function redisOf(sandbox: TestSandbox): Promise<string> {
  return withRedis(sandbox, async (redis) => {
    const keys = await keysOf(sandbox, redis);
    const values = await Promise.all(
      keys.map(async (key) => {
        const kind = String(await redis.call('TYPE', key));
        // Gone meanwhile.
        if (kind === 'none') return '';
        const read = READ[kind];
        if (read === undefined) throw new Error(`nobody reads a ${kind}`);
        const [command, ...args] = read(key);
        return JSON.stringify(await redis.call(command, ...args));
      }),
    );
    return [...keys, ...values].join('\n');
  });
}
