import { createHmac } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Ack, Attempt, Transport } from './delivery.ts';
import { asWord, parseJson } from './json.ts';

/**
 * Signed requests to the app's one endpoint. The time in the signature is the machine's, as the app will compare it
 * with its own clock. `url` is asked for at each delivery, as the app often starts after Slack does.
 */
export function createHttpTransport(signingSecret: string, url: () => string, ackTimeoutMs: number): Transport {
  return {
    async send(attempt) {
      const sentAt = performance.now();
      const failed = (failure: string): Ack & { noRetry: boolean } => {
        return { acked: false, ackMs: performance.now() - sentAt, body: undefined, failure, noRetry: false };
      };
      try {
        const response = await post(url(), signingSecret, attempt, ackTimeoutMs);
        const text = await response.text();
        const noRetry = response.headers.get('x-slack-no-retry') === '1';
        if (!response.ok) return { ...failed(`dispatch_failed: the app answered ${response.status}`), noRetry };
        const body = text === '' ? undefined : (parseJson(text) ?? text);
        return { acked: true, ackMs: performance.now() - sentAt, body, failure: undefined, noRetry };
      } catch (error) {
        const isTimeout = error instanceof Error && error.name === 'TimeoutError';
        return failed(isTimeout ? 'operation_timeout' : 'dispatch_failed: the app could not be reached');
      }
    },
  };
}

async function post(url: string, secret: string, attempt: Attempt, timeoutMs: number): Promise<Response> {
  const isJson = attempt.kind === 'events_api';
  const body = isJson ? JSON.stringify(attempt.payload) : form(attempt).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  return fetch(url, {
    method: 'POST',
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature(secret, timestamp, body),
      ...(isJson && attempt.retry && retryHeaders(attempt.retry)),
    },
  });
}

function retryHeaders({ number, reason }: { number: number; reason: string }): Record<string, string> {
  return { 'x-slack-retry-num': String(number), 'x-slack-retry-reason': reason };
}

export function signature(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

function form({ kind, payload }: Attempt): URLSearchParams {
  if (kind === 'interactive') return new URLSearchParams({ payload: JSON.stringify(payload) });
  const fields = new URLSearchParams();
  for (const [key, value] of Object.entries(payload)) fields.set(key, asWord(value));
  return fields;
}
