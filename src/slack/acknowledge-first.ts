import { setTimeout as delay } from 'node:timers/promises';
import type { App, ReceiverEvent } from '@slack/bolt';

/** Nobody notices it, and whoever pressed in the same moment is acknowledged meanwhile. */
const LET_OTHERS_IN_MS = 10;

/**
 * The app as a receiver sees it, which acknowledges commands and presses before Bolt looks for their listeners: Slack
 * waits 3 s, and when a hundred people press at once, everybody is acknowledged before the work for the first begins.
 * Listeners of commands and presses must not acknowledge again. A sent form is left to its listener, because its answer
 * is the acknowledgement.
 */
export function acknowledgeFirst(app: App): App {
  const processEvent = async (event: ReceiverEvent): Promise<void> => {
    if (isAnsweredLater(event.body)) {
      await event.ack();
      await delay(LET_OTHERS_IN_MS);
    }
    await app.processEvent(event);
  };
  const inFront: App = Object.create(app, { processEvent: { value: processEvent } });
  return inFront;
}

function isAnsweredLater(body: ReceiverEvent['body']): boolean {
  return typeof body['command'] === 'string' || body['type'] === 'block_actions';
}
