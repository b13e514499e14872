import type { Ack } from './delivery.ts';
import { asText, type Json } from './json.ts';

/** What became of something that a person did. */
export interface Outcome {
  /** False when the client kept it to itself: a dialog was cancelled, a field is wrong. */
  sent: boolean;
  acked: boolean;
  ackMs: number;
  ackBody: Json | undefined;
  /** What the client tells the person when it went wrong. */
  shown: string | undefined;
  /** Under the fields, by block id: the client's own, or the app's. */
  errors: Record<string, string> | undefined;
}

export function appFailed(ack: Ack): string {
  return ack.failure === 'operation_timeout'
    ? 'the app did not respond (operation_timeout)'
    : asText(ack.failure).replace(/:.*/, '');
}

export function outcomeOf(ack: Ack): Outcome {
  const { acked, ackMs, body } = ack;
  return { sent: true, acked, ackMs, ackBody: body, shown: acked ? undefined : appFailed(ack), errors: undefined };
}

export function kept(what: { shown?: string; errors?: Record<string, string> }): Outcome {
  return { sent: false, acked: false, ackMs: 0, ackBody: undefined, shown: what.shown, errors: what.errors };
}
