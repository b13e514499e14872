import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
let isBuilt: Promise<unknown> | undefined;

/** Compiles the program as `npm start` does, once. */
export async function build(): Promise<void> {
  isBuilt ??= run('npm', ['run', '--silent', 'build'], { cwd: ROOT }).catch((error: unknown) => {
    const output = typeof error === 'object' && error !== null && 'stdout' in error ? String(error.stdout) : '';
    throw new Error(`the program could not be built:\n${output}`, { cause: error });
  });
  await isBuilt;
}
