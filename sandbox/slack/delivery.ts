import { asObject, asText, objectsOf, type Json, type JsonObject } from './json.ts';
import { limits } from './limits.ts';
import type { Faults } from './faults.ts';
import type { Workspace } from './workspace.ts';

export type DeliveryKind = 'slash_commands' | 'interactive' | 'events_api';

/** What came back for one payload. `body` is what the app answered with the ack, if anything. */
export interface Ack {
  acked: boolean;
  ackMs: number;
  body: Json | undefined;
  /** Why there was no ack, in the words of the person's client. */
  failure: string | undefined;
}

export interface Attempt {
  kind: DeliveryKind;
  payload: JsonObject;
  retry: { number: number; reason: string } | undefined;
}

/** One way to the app. Resolves within the ack time, whatever the app does, and never throws. */
export interface Transport {
  send: (attempt: Attempt) => Promise<Ack & { noRetry: boolean }>;
}

export interface Delivery {
  /** Delivers a payload and resolves with the first answer. Events that fail are retried in the background. */
  deliver: (kind: DeliveryKind, payload: JsonObject) => Promise<Ack>;
  stop: () => void;
}

export function createDelivery(
  workspace: Workspace,
  transport: Transport,
  faults: Faults,
  retryDelays: readonly number[] = limits.eventRetryMs,
): Delivery {
  const timers = new Set<NodeJS.Timeout>();
  let isStopped = false;

  async function attempt(one: Attempt): Promise<Ack & { noRetry: boolean }> {
    const ack = await transport.send(one);
    if (!ack.acked && !isStopped && !faults.isDown()) workspace.suspect(`${nameOf(one)}: ${ack.failure ?? 'no ack'}`);
    workspace.changes.tell('delivery', nameOf(one));
    return ack;
  }

  function retryLater(one: Attempt, reason: string): void {
    const number = (one.retry?.number ?? 0) + 1;
    const delay = retryDelays[number - 1];
    if (delay === undefined || isStopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void attemptEvent({ ...one, retry: { number, reason } });
    }, delay);
    timer.unref();
    timers.add(timer);
  }

  async function attemptEvent(one: Attempt): Promise<Ack> {
    const ack = await attempt(one);
    if (!ack.acked && !ack.noRetry) retryLater(one, ack.failure === 'operation_timeout' ? 'timeout' : 'http_error');
    return ack;
  }

  return {
    async deliver(kind, payload) {
      const first: Attempt = { kind, payload, retry: undefined };
      const delayMs = faults.takeDelay();
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      const run = kind === 'events_api' ? attemptEvent : attempt;
      const answer = run(first);
      if (faults.takeDuplicate()) void run({ ...first, retry: { number: 1, reason: 'timeout' } });
      return answer;
    },
    stop() {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

export function nameOf({ kind, payload }: Attempt): string {
  if (kind === 'slash_commands') return `command ${asText(payload['command'])} ${asText(payload['text'])}`.trim();
  if (kind === 'events_api') return `event ${asText(asObject(payload['event'])['type'])}`;
  return `${asText(payload['type'])} ${subjectOf(payload)}`.trim();
}

function subjectOf(payload: JsonObject): string {
  const action = objectsOf(payload['actions'])[0]?.['action_id'];
  const view = asObject(payload['view'])['callback_id'];
  return asText(action) || asText(view) || asText(payload['callback_id']) || asText(payload['action_id']);
}
