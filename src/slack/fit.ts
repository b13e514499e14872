/**
 * The text on one line, at most `max` UTF-16 units long, shortened with an ellipsis. Characters that a reader can't see
 * or that turn the reading direction are dropped, so that nobody hides half of a sentence from an approver.
 */
export function fit(text: string, max: number): string {
  return cut(tidy(text).replace(/\s+/gu, ' ').trim(), max);
}

/** As `fit`, but the line breaks stay, at most one empty line in a row. */
export function fitLines(text: string, max: number): string {
  const lines = tidy(text)
    .split(/\r\n|[\n\r\u2028\u2029]/u)
    .map((line) => line.replace(/\s+/gu, ' ').trim());
  return cut(
    lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    max,
  );
}

/** The first of many, with the rest counted: `Ana, Ben and 3 more`. */
export function fitNames(names: readonly string[], max: number): string {
  if (names.length <= max) return inWords(names);
  return `${names.slice(0, max).join(', ')} and ${names.length - max} more`;
}

function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = 0;
  // Whole characters only: an accent or half of an emoji never stands alone.
  for (const { segment } of graphemes.segment(text)) {
    if (end + segment.length > max - 1) break;
    end += segment.length;
  }
  return `${text.slice(0, end).trimEnd()}…`;
}

function tidy(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[\u202A-\u202E\u2066-\u2069\u200B\u200E\u200F\u2060\uFEFF]/gu, '')
    .replace(/[^\P{Cc}\n\r\t]/gu, '');
}
