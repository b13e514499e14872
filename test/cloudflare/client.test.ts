import { afterEach, expect, it, vi } from 'vitest';
import { createClient } from '../../src/cloudflare/client.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function recording(answer: () => Response) {
  const seen: { url: string; headers: Headers }[] = [];
  const fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    seen.push({ url: new Request(input).url, headers: new Headers(init?.headers) });
    return Promise.resolve(answer());
  };
  return { seen, fetch };
}

it('takes nothing from the environment: not the place, not another key, not the wish to log', async () => {
  vi.stubEnv('CLOUDFLARE_BASE_URL', 'http://elsewhere.example');
  vi.stubEnv('CLOUDFLARE_API_KEY', 'another-key');
  vi.stubEnv('CLOUDFLARE_EMAIL', 'somebody@x.org');
  vi.stubEnv('CLOUDFLARE_LOG', 'debug');
  const printed = (['log', 'debug', 'info', 'warn', 'error'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(() => undefined),
  );
  const { seen, fetch } = recording(() => Response.json({ success: true, result: {} }));

  await createClient({ apiToken: 'the-token', fetch }).get('/thing');

  expect(seen[0]?.url).toBe('https://api.cloudflare.com/client/v4/thing');
  expect(seen[0]?.headers.get('authorization')).toBe('Bearer the-token');
  expect(seen[0]?.headers.get('x-auth-key')).toBeNull();
  expect(printed.flatMap((spy) => spy.mock.calls)).toEqual([]);
});

it.each([408, 409, 429, 500, 503])('does not repeat a call that was answered with %i', async (status) => {
  const { seen, fetch } = recording(() => Response.json({ success: false, errors: [] }, { status }));

  await createClient({ apiToken: 'the-token', fetch })
    .put('/thing', { body: {} })
    .catch(() => undefined);

  expect(seen).toHaveLength(1);
});
