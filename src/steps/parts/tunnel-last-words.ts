import { isKnownError } from '../../core/errors.ts';
import type { Server } from '../../core/server.ts';

const LINES = 8;
const LINE_CHARACTERS = 115;
/** The day is known, and the room is for why. */
const DAY = /^\d{4}-\d\d-\d\dT(?=\d\d:\d\d:\d\d)/;

/** The last lines that a container wrote, for somebody who has to find out why it does not do its work; indented, so that they are shown as they are. */
export async function lastWords(server: Pick<Server, 'containers' | 'logs'>, name: string): Promise<string> {
  try {
    const container = (await server.containers()).find((one) => one.name === name);
    if (container === undefined) return `The log of ${name} can’t be read: it is not there any more.`;
    const lines = await server.logs(container.id, LINES);
    if (lines.length === 0) return `The log of ${name} is empty.`;
    return [`The last lines of the log of ${name}:`, ...lines.map((one) => `    ${cut(one)}`)].join('\n');
  } catch (error) {
    if (!isKnownError(error)) throw error;
    return `The log of ${name} can’t be read: ${error.message}`;
  }
}

/** What the guide says to do next, with what to type on the server. */
export function nextSteps({ byHand }: Pick<Server, 'byHand'>): string {
  return [
    'Next steps:',
    '1. Look at the tunnel in the Zero Trust dashboard, under Networks → Tunnels.',
    `2. On the server, read the whole log: ${byHand.replace(/\brestart\b/, 'logs')}`,
    `3. On the server, restart it by hand: ${byHand}`,
  ].join('\n');
}

function cut(line: string): string {
  const characters = Array.from(line.replace(DAY, ''));
  return characters.length <= LINE_CHARACTERS
    ? characters.join('')
    : `${characters.slice(0, LINE_CHARACTERS - 1).join('')}…`;
}
