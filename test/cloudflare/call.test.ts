import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { call, callCursor, callPages } from '../../src/cloudflare/call.ts';
import type { Account } from '../../src/cloudflare/client.ts';
import type { Call } from '../../src/cloudflare/translate-error.ts';
import { accountAt, failureOf, impatient } from './start-adapter.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A far end that does just this; `query` is that of the request. */
async function farEnd(answer: (query: URLSearchParams, response: ServerResponse) => void): Promise<Account> {
  const server = createServer((request, response) =>
    answer(new URL(request.url ?? '', 'http://far.end').searchParams, response),
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return accountAt(`http://127.0.0.1:${port}`);
}

const what: Call = { route: 'GET things', does: 'read the things', area: 'policies' };

function json(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
}

function readThings(account: Account, perPage = 3): Promise<number[]> {
  return callPages(account, what, z.number(), perPage, (query, options) =>
    account.client.get('/things', { query, ...options }),
  );
}

const readByCursor = (account: Account): Promise<number[]> =>
  callCursor(account, what, z.number(), (query, options) =>
    account.client.get('/things', { query: { kind: 'round', ...query }, ...options }),
  );

const readThing = (account: Account): Promise<unknown> =>
  call(account, what, z.object({ size: z.number() }), (options) => account.client.get('/thing', options));

/** Seven things, cut by page and by what the far end is willing to give at once. */
function sevenThings(most: number, info: (page: number, perPage: number) => object) {
  const asked: string[] = [];
  const answer = (query: URLSearchParams, response: ServerResponse): void => {
    asked.push(query.toString());
    const page = Number(query.get('page'));
    const perPage = Math.min(Number(query.get('per_page')), most);
    const result = [1, 2, 3, 4, 5, 6, 7].slice((page - 1) * perPage, page * perPage);
    json(response, { success: true, errors: [], result, result_info: info(page, perPage) });
  };
  return { asked, answer };
}

it.each([
  ['total_pages', 3, 3, (page: number, perPage: number) => ({ page, total_pages: Math.ceil(7 / perPage) })],
  ['total_count', 3, 3, () => ({ total_count: 7 })],
  ['a short page', 3, 3, (_page: number, perPage: number) => ({ per_page: perPage })],
  ['total_count, below a limit of its own', 2, 4, () => ({ total_count: 7 })],
  ['a page shorter than its own limit', 2, 4, (_page: number, perPage: number) => ({ per_page: perPage })],
])('reads every page and knows the last one by %s', async (_by, most, pages, info) => {
  const { asked, answer } = sevenThings(most, info);
  const account = await farEnd(answer);

  await expect(readThings(account)).resolves.toEqual([1, 2, 3, 4, 5, 6, 7]);

  expect(asked).toHaveLength(pages);
});

describe('by cursor', () => {
  it.each([
    ['is empty', { cursor: '' }],
    ['is null', { cursor: null }],
    ['is not there', {}],
  ])('reads on until it %s, whatever comes with each answer, and keeps to the filter', async (_how, end) => {
    const asked: string[] = [];
    const answers = [
      { result: [1], result_info: { cursor: 'b', per_page: 50 } },
      { result: [], result_info: { cursor: 'c' } },
      { result: [2, 3], result_info: end },
    ];
    const account = await farEnd((query, response) => {
      asked.push(query.toString());
      json(response, { success: true, errors: [], ...answers[asked.length - 1] });
    });

    await expect(readByCursor(account)).resolves.toEqual([1, 2, 3]);

    expect(asked).toEqual(['kind=round', 'kind=round&cursor=b', 'kind=round&cursor=c']);
  });

  it('does not go round in circles', async () => {
    let asked = 0;
    const account = await farEnd((_query, response) => {
      asked += 1;
      json(response, { success: true, errors: [], result: [1], result_info: { cursor: asked % 2 ? 'b' : 'c' } });
    });

    const failure = await failureOf(readByCursor(account));

    expect(failure).toMatchObject({ name: 'PermanentError', code: 'cloudflare-unexpected-answer' });
    expect(asked).toBe(3);
  });

  it('does not take a part for the whole where an answer in between fails', async () => {
    let asked = 0;
    const account = await farEnd((_query, response) => {
      asked += 1;
      if (asked === 2) response.statusCode = 503;
      json(response, { success: asked !== 2, errors: [], result: [1], result_info: { cursor: 'b' } });
    });

    expect(await failureOf(readByCursor(account))).toMatchObject({ name: 'TransientError' });
  });
});

it('reads an answer that is short', async () => {
  const account = await farEnd((_query, response) => json(response, { success: true, result: true }));

  const done = call(account, what, z.boolean(), (options) => account.client.post('/done', options));

  await expect(done).resolves.toBe(true);
});

it('asks once where one page holds everything', async () => {
  const { asked, answer } = sevenThings(1000, () => ({ total_pages: 1 }));

  await readThings(await farEnd(answer), 1000);

  expect(asked).toEqual(['page=1&per_page=1000']);
});

it('reads null as no rows', async () => {
  const account = await farEnd((_query, response) => json(response, { success: true, errors: [], result: null }));

  await expect(readThings(account)).resolves.toEqual([]);
});

it('does not ask for ever where the far end ignores the page', async () => {
  let asked = 0;
  const account = await farEnd((_query, response) => {
    asked += 1;
    json(response, { success: true, errors: [], result: [1, 2, 3] });
  });

  const failure = await failureOf(readThings(account));

  expect(failure).toMatchObject({ name: 'PermanentError', code: 'cloudflare-unexpected-answer' });
  expect(asked).toBe(50);
});

it('gives up on an answer that never comes', async () => {
  const account = await farEnd(() => undefined);

  const failure = await failureOf(readThing(impatient(account, 50)));

  expect(failure).toMatchObject({ name: 'TransientError', code: 'cloudflare-timeout' });
  expect(failure.message).toMatchInlineSnapshot(
    `"Cloudflare took too long when asked to read the things (GET things)."`,
  );
});

it('gives up on an answer that stops in the middle', async () => {
  const account = await farEnd((_query, response) => {
    response.setHeader('content-type', 'application/json').write('{"success": true, "result"');
  });

  const failure = await failureOf(readThing(impatient(account, 50)));

  expect(failure).toMatchObject({ name: 'TransientError', code: 'cloudflare-timeout' });
});

it('takes an answer that breaks off for a broken connection', async () => {
  const account = await farEnd((_query, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"success": true', () => response.destroy());
  });

  const failure = await failureOf(readThing(account));

  expect(failure).toMatchObject({ name: 'TransientError', code: 'cloudflare-unavailable' });
});

it('takes a page of a proxy for an absent Cloudflare', async () => {
  const account = await farEnd((_query, response) => {
    response.setHeader('content-type', 'text/html').end('<h1>Please log in to the guest network, ada@x.org</h1>');
  });

  const failure = await failureOf(readThing(account));

  expect(failure).toMatchObject({ name: 'TransientError', code: 'cloudflare-unavailable' });
  expect(failure.message).not.toContain('ada@x.org');
});

it('says which field is not as expected, and not what is in it', async () => {
  const account = await farEnd((_query, response) =>
    json(response, { success: true, errors: [], result: { size: 'ada@x.org' } }),
  );

  const failure = await failureOf(readThing(account));

  expect(failure).toMatchObject({ name: 'PermanentError', code: 'cloudflare-unexpected-answer' });
  expect(failure.message).toMatchInlineSnapshot(
    `"Cloudflare answered in a form that this version of ocs-access does not know when asked to read the things (GET things, field size). Please report it."`,
  );
});

it('says that nobody listens', async () => {
  const account = await farEnd(() => undefined);
  const server = servers.pop();
  await new Promise((resolve) => server?.close(resolve));

  const failure = await failureOf(readThing(account));

  expect(failure).toMatchObject({ name: 'TransientError', code: 'cloudflare-unavailable' });
  expect(failure.message).toContain('ECONNREFUSED');
});
