import { LogLevel, WebClient, type Logger, type WebClientOptions } from '@slack/web-api';

export interface ClientOptions {
  /** With a slash at its end; undefined: Slack itself. */
  readonly apiUrl?: string | undefined;
  readonly logger?: Logger | undefined;
}

/**
 * `interactive`: somebody waits for the answer, so it fails fast: within Slack's 3 s with one more try. `bulk`: posts of
 * the outbox and look-ups; its queue tries again by itself, so the client never does.
 */
export type Use = 'interactive' | 'bulk';

const USES: Record<Use, Pick<WebClientOptions, 'retryConfig' | 'timeout' | 'maxRequestConcurrency'>> = {
  interactive: {
    retryConfig: { retries: 1, minTimeout: 100, maxTimeout: 200 },
    timeout: 2_500,
    maxRequestConcurrency: 50,
  },
  bulk: { retryConfig: { retries: 0 }, timeout: 10_000, maxRequestConcurrency: 10 },
};

/**
 * For Bolt's `clientOptions` too: without a retry policy of ours, clients in Socket Mode listeners try a hundred times.
 * A 429 is thrown instead of waited for, because waiting stops every other call of the client as well.
 */
export function webClientOptions(use: Use, { apiUrl, logger }: ClientOptions = {}): WebClientOptions {
  return {
    ...USES[use],
    rejectRateLimitedCalls: true,
    // Calls are never redirected to an address that came with a payload.
    allowAbsoluteUrls: false,
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    ...(logger === undefined ? { logLevel: LogLevel.ERROR } : { logger }),
  };
}

/** Two clients, so that a digest that Slack slows down keeps no form from opening. */
export function createClients(token: string, options: ClientOptions = {}): Record<Use, WebClient> {
  return {
    interactive: new WebClient(token, webClientOptions('interactive', options)),
    bulk: new WebClient(token, webClientOptions('bulk', options)),
  };
}
