import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PermanentError } from '../core/errors.ts';

type Lines = Iterable<string> | AsyncIterable<string>;

/**
 * Writes no faster than somebody reads, and leaves the stream open. A reader that has seen enough, as `head` has, is no
 * error: the rest is then not even made.
 *
 * @throws PermanentError if it can't be written, and what making the lines throws.
 */
export async function printLines(lines: Lines, out: NodeJS.WritableStream): Promise<void> {
  try {
    await pipeline(Readable.from(lines), out, { end: false });
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    if ('code' in error && error.code === 'EPIPE') return;
    throw new PermanentError('The output can’t be written.', { code: 'output-failed', cause: error });
  }
}
