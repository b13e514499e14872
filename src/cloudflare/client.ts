import { Cloudflare as CloudflareSdk, type ClientOptions } from 'cloudflare';
import type { Clock } from '../core/ports.ts';

/** Milliseconds for one call, its body included. */
const CALL_TIMEOUT_MS = 20_000;

export interface ClientValues {
  readonly apiToken: string;
  /** Cloudflare's own unless told. */
  readonly baseURL?: string | undefined;
  readonly fetch?: ClientOptions['fetch'];
}

/** What every resource needs to make a call. */
export interface Account {
  readonly client: CloudflareSdk;
  readonly accountId: string;
  readonly clock: Clock;
}

/**
 * The official client with its own ideas switched off. It does not retry: it would repeat writes without looking and wait
 * out a `Retry-After` of minutes inside one call, while our jobs give the worker back. It does not log: at debug level it
 * prints bodies, and `CLOUDFLARE_LOG` in the environment could switch that on.
 */
export function createClient({ apiToken, baseURL, fetch }: ClientValues): CloudflareSdk {
  return new CloudflareSdk({
    apiToken,
    // Left out, these would be read from the environment and sent along with the token.
    apiKey: null,
    apiEmail: null,
    userServiceKey: null,
    baseURL: baseURL ?? 'https://api.cloudflare.com/client/v4',
    maxRetries: 0,
    timeout: CALL_TIMEOUT_MS,
    logLevel: 'off',
    ...(fetch === undefined ? {} : { fetch }),
  });
}
