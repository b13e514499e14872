// Ends a Redis whose parent was killed. Argument: its directory. Standard input, held open by the parent: the process
// id to end, one a line, the last one counts, `none` for nothing. Plain JavaScript, so that it starts at once on every
// Node.
import { rmSync } from 'node:fs';

const directory = process.argv[2];
let told = '';

process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  told += chunk;
});
process.stdin.on('end', () => {
  const pid = Number(told.trim().split('\n').at(-1));
  if (Number.isInteger(pid) && pid > 0) endProcess(pid);
  if (directory) rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});

/** @param {number} pid */
function endProcess(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was gone already.
  }
}
