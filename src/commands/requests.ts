import { isOpen } from '../core/request.ts';
import { requestsMessage } from '../slack/requests-message.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { identify } from './identify.ts';

/** What is open, for how long, and who can decide it. */
export async function requests(desk: Desk, call: Call): Promise<void> {
  await identify(desk, call);
  const [unfinished, mention] = await Promise.all([desk.store.unfinished(), desk.directory.approversMention()]);
  const now = desk.clock.now();
  const open = unfinished.filter((request) => isOpen(request) && now < request.expiresAt);
  await call.reply(requestsMessage({ requests: open, mention, now }));
}
