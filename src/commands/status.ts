import { statusMessage } from '../slack/status-message.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { identify } from './identify.ts';

export async function status(desk: Desk, call: Call): Promise<void> {
  await identify(desk, call);
  await call.reply(statusMessage(await desk.health.check()));
}
