import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Of this program, from its package.json, which lies two folders up from both the source and the build. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
