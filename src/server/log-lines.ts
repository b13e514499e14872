import { maskSecrets } from '../core/mask.ts';

const LONGEST_LINE = 300;
/** Of what comes later in a line nothing would be shown; looking for secrets in all of it would take long. */
const LONGEST_READ = 4096;
const HEADER_BYTES = 8;

const ESCAPE = String.fromCharCode(27);
const COLOURS = new RegExp(`${ESCAPE}\\[[0-?]*[ -/]*[@-~]`, 'g');
/** The first half of a character that takes two places. */
const HALF_CHARACTER = /[\uD800-\uDBFF]$/;
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;

/**
 * The last lines of what the Engine gives for `logs`, oldest first, as they can be shown: no colours, no secrets, none too
 * long, none empty.
 */
export function readLogLines(body: Buffer, most: number): string[] {
  const texts = isInFrames(body) ? textsOfFrames(body) : [body];
  const lines = texts.flatMap((text) => text.toString('utf8').split('\n')).map(showable);
  return lines.filter((line) => line !== '').slice(-most);
}

/** With a terminal (`tty: true`) the bytes come as they are; else in frames, whose header no text begins with. */
function isInFrames(body: Buffer): boolean {
  return body.length >= HEADER_BYTES && (body[0] ?? 0) <= 2 && body.readUIntBE(1, 3) === 0;
}

/** A line that is longer than a frame goes on in the next frame of the same stream. */
function textsOfFrames(body: Buffer): Buffer[] {
  const texts: Buffer[] = [];
  const open = new Map<number, Buffer[]>();
  for (const { stream, content } of framesOf(body)) {
    const parts = [...(open.get(stream) ?? []), content];
    const isWhole = content.at(-1) === 10;
    open.set(stream, isWhole ? [] : parts);
    if (isWhole) texts.push(Buffer.concat(parts));
  }
  return [...texts, ...[...open.values()].map((parts) => Buffer.concat(parts))];
}

/** One byte for the stream (1 output, 2 errors), three of nothing, four for the length, and then the content. */
function* framesOf(body: Buffer): Generator<{ stream: number; content: Buffer }> {
  let at = 0;
  while (at + HEADER_BYTES <= body.length) {
    const start = at + HEADER_BYTES;
    const end = start + body.readUInt32BE(at + 4);
    yield { stream: body[at] ?? 0, content: body.subarray(start, end) };
    at = end;
  }
}

function showable(line: string): string {
  const plain = line.slice(0, LONGEST_READ).replace(COLOURS, '').replaceAll('\t', ' ').replace(INVISIBLE, '').trim();
  const masked = maskSecrets(plain);
  return masked.length <= LONGEST_LINE ? masked : `${masked.slice(0, LONGEST_LINE - 1).replace(HALF_CHARACTER, '')}…`;
}
