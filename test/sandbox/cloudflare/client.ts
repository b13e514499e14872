import Cloudflare, { APIError } from 'cloudflare';
import type { CloudflareSandbox } from '../../../sandbox/cloudflare/server.ts';

/** The official client, pointed at the sandbox. No retries, so that each test sees the first answer. */
export function clientFor(cf: CloudflareSandbox, options: { token?: string; maxRetries?: number } = {}): Cloudflare {
  return new Cloudflare({
    apiToken: options.token ?? cf.token,
    baseURL: cf.url,
    maxRetries: options.maxRetries ?? 0,
    timeout: 5000,
  });
}

/** HTTP status and first error code of what the client threw. */
export async function refusal(call: PromiseLike<unknown>): Promise<{ status: number; code: number; message: string }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const [first] = error.errors as { code: number; message: string }[];
    return { status: Number(error.status), code: first?.code ?? 0, message: first?.message ?? '' };
  }
  throw new Error('the call was not refused');
}
