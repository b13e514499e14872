import { escapeToFit } from './escape.ts';
import { fitLines } from './fit.ts';
import type { Message } from './message.ts';
import { code, line, rich, type Part } from './rich.ts';

/**
 * A few sentences for one person alone: why something was not done and what they can do. Words between backticks are
 * shown as something to type; nothing else is interpreted.
 */
export function refusal(says: string): Message {
  const words = fitLines(says, 1500) || 'That did not work.';
  return { text: escapeToFit(words, 1500), blocks: [rich(line(...withCode(words)))] };
}

/** Text in which words between backticks are shown as something to type. */
export function withCode(text: string): Part[] {
  return text.split('`').map((piece, index, all) => {
    if (index % 2 === 0 || piece === '') return piece;
    // A last backtick without a partner is a backtick.
    return index === all.length - 1 ? `\`${piece}` : code(piece);
  });
}
