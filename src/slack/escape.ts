import { fit } from './fit.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * For the `text` of a message and for mrkdwn: what people typed can then mention nobody and fake no link. Marks such as
 * `*` could still make it bold, so in blocks what people typed goes into rich text or plain text instead.
 */
export function escape(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

/** One line, escaped, at most `max` long after escaping. */
export function escapeToFit(text: string, max: number): string {
  const short = fit(text, max);
  const whole = escape(short);
  if (whole.length <= max) return whole;
  let fitted = '';
  for (const character of short) {
    const next = escape(character);
    if (fitted.length + next.length > max - 1) break;
    fitted += next;
  }
  return `${fitted.trimEnd()}…`;
}
