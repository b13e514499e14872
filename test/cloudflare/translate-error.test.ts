import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'cloudflare';
import { expect, it } from 'vitest';
import { translateError, translateFailure, type Call } from '../../src/cloudflare/translate-error.ts';
import { NOW } from './start-adapter.ts';

const write: Call = { route: 'PATCH gateway/lists/:id', does: 'add an entry to a list', area: 'zeroTrust' };
const read: Call = { route: 'GET access/apps', does: 'read the applications', area: 'policies' };

const body = {
  success: false,
  errors: [{ code: 12130, message: 'bad value ada@x.org C02FJ1XQMD6T' }],
  messages: [],
  result: null,
};

function answer(status: number, headers: Record<string, string> = {}): APIError {
  return APIError.generate(status, body, undefined, new Headers({ 'cf-ray': '8f2a-FRA', ...headers }));
}

it.each([
  [400, 'PermanentError', 'cloudflare-refused'],
  [401, 'PermanentError', 'cloudflare-token-refused'],
  [403, 'PermanentError', 'cloudflare-permission-missing'],
  [404, 'PermanentError', 'cloudflare-not-found'],
  [405, 'PermanentError', 'cloudflare-refused'],
  [408, 'TransientError', 'cloudflare-timeout'],
  [409, 'TransientError', 'cloudflare-conflict'],
  [422, 'PermanentError', 'cloudflare-refused'],
  [429, 'TransientError', 'cloudflare-rate-limited'],
  [500, 'TransientError', 'cloudflare-unavailable'],
  [502, 'TransientError', 'cloudflare-unavailable'],
  [524, 'TransientError', 'cloudflare-unavailable'],
])('turns HTTP %i into %s %s', (status, name, code) => {
  expect(translateError(answer(status), write, NOW)).toMatchObject({ name, code });
});

it.each([
  [new APIConnectionTimeoutError(), 'cloudflare-timeout'],
  [new APIUserAbortError(), 'cloudflare-timeout'],
  [new APIConnectionError({ message: 'x' }), 'cloudflare-unavailable'],
])('turns a connection that failed into TransientError', (error, code) => {
  expect(translateError(error, write, NOW)).toMatchObject({ name: 'TransientError', code });
});

it('leaves a bug as it is', () => {
  const bug = new TypeError('x is not a function');

  expect(translateError(bug, write, NOW)).toBe(bug);
});

it.each([
  ['90', 90_000],
  ['0', 0],
  [new Date(NOW + 120_000).toUTCString(), 120_000],
  [new Date(NOW - 5_000).toUTCString(), 0],
  ['soon', 60_000],
  ['', 60_000],
  ['99999999', 3_600_000],
])('waits as long as Retry-After %j says', (header, retryAfterMs) => {
  expect(translateError(answer(429, { 'retry-after': header }), read, NOW)).toMatchObject({ retryAfterMs });
});

it('waits a minute where Cloudflare does not say how long', () => {
  expect(translateError(answer(429), read, NOW)).toMatchObject({ retryAfterMs: 60_000 });
});

it.each([
  [write, '“Zero Trust → Edit”, which is needed to add an entry to a list (PATCH gateway/lists/:id, HTTP 403'],
  [read, '“Access: Apps and Policies → Read”, which is needed to read the applications (GET access/apps, HTTP 403'],
])('names the permission that is missing, the call and the place to add it', (what, part) => {
  const error = translateError(answer(403), what, NOW) as Error;

  expect(error.message).toContain(part);
  expect(error.message).toContain('dash.cloudflare.com');
});

it.each([400, 401, 403, 404, 409, 422, 429, 500])('repeats nothing of the body of a %i', (status) => {
  const error = translateError(answer(status), write, NOW) as Error;

  expect(`${error.message} ${JSON.stringify(error)} ${String(error.cause)}`).not.toMatch(/ada@x\.org|C02FJ1XQMD6T|bad/);
});

it('gives what the support of Cloudflare asks for', () => {
  expect(translateError(answer(400), write, NOW)).toMatchObject({
    message:
      'Cloudflare refused to add an entry to a list (PATCH gateway/lists/:id, HTTP 400, error 12130, cf-ray 8f2a-FRA).',
  });
});

it.each([
  [[{ code: 12130, message: 'no' }], 'PermanentError', 'cloudflare-refused'],
  [[{ code: 971, message: 'slower' }], 'TransientError', 'cloudflare-rate-limited'],
  [[], 'TransientError', 'cloudflare-unavailable'],
  [null, 'TransientError', 'cloudflare-unavailable'],
])('turns success:false with errors %j into %s', (errors, name, code) => {
  const response = new Response(null, { status: 200 });

  expect(translateFailure(errors, response, write, NOW)).toMatchObject({ name, code });
});
