import type { Digest } from '../core/digest/digest.ts';
import { plainSection } from './blocks.ts';
import type { Message } from './message.ts';

/** What happened on one day, short enough for a phone. */
export function digestMessage({ day, access }: Digest): Message {
  const text = `${day}: ${access.signIns} sign-ins, ${access.denied} turned away.`;
  return { text, blocks: [plainSection(text)] };
}
