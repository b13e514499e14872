import type { Digest } from '../core/digest/digest.ts';
import { plainSection } from './blocks.ts';
import type { Message } from './message.ts';

/** The rest of it, in the thread. */
export function digestDetails({ day }: Digest): Message {
  const text = `More about ${day}.`;
  return { text, blocks: [plainSection(text)] };
}
