import type { KnownBlock, RichTextPreformatted } from '@slack/types';
import type { Container } from '../core/server.ts';
import { header, plainSection } from './blocks.ts';
import { fit } from './fit.ts';
import { bold, line, list, rich, when, type Part } from './rich.ts';

/** A container with the end of what it wrote, oldest line first. */
export interface SeenContainer {
  readonly container: Container;
  /** Undefined: whoever asks may not see it. */
  readonly log: { readonly lines: readonly string[] } | { readonly problem: string } | undefined;
}

/** What was seen on the server, or why nothing was; `byHand` is what to type there. */
export type SeenServer =
  | { readonly containers: readonly SeenContainer[] }
  | { readonly problem: string; readonly byHand: string };

const CONTAINERS = 6;
const LOG_CHARACTERS = 3600;
const LINE_CHARACTERS = 250;

export function serverBlocks(server: SeenServer): KnownBlock[] {
  const title = header('On the server');
  if ('problem' in server) return [title, ...problemBlocks(server)];
  const { containers } = server;
  if (containers.length === 0) {
    return [title, plainSection('No container that I can see on the server runs it. Another machine may.')];
  }
  const shown = containers.slice(0, CONTAINERS);
  const rest = containers.length - shown.length;
  const room = LOG_CHARACTERS / shown.length;
  return [
    title,
    ...shown.map((one) => containerBlock(one, room)),
    ...(rest > 0 ? [plainSection(`And ${rest} more containers.`)] : []),
    ...(shown.some(({ log }) => log === undefined)
      ? [plainSection('Approvers see the last lines of the log here.')]
      : []),
  ];
}

/** The command stands on its own, to be copied, and not a second time in the sentence. */
function problemBlocks({ problem, byHand }: { readonly problem: string; readonly byHand: string }): KnownBlock[] {
  const isSaid = problem.endsWith(byHand);
  const says = isSaid ? problem.slice(0, -byHand.length) : `${problem} To restart it there by hand, type:`;
  return [plainSection(says, 800), rich(preformatted(fit(byHand, 500)))];
}

function containerBlock({ container, log }: SeenContainer, room: number): KnownBlock {
  const { name, image, restarts } = container;
  return rich(
    line(bold(fit(name, 80)), ` ${STATES[container.state]}`, ...startOf(container), '.'),
    list('bullet', [
      [`Image: ${fit(image, 120) || 'unknown'}`],
      ...(restarts === 0 ? [] : [[`Docker has started it again by itself ${times(restarts)}.`]]),
    ]),
    ...logElements(log, room),
  );
}

function logElements(log: SeenContainer['log'], room: number) {
  if (log === undefined) return [];
  if ('problem' in log) return [line(`Its log can’t be read: ${fit(log.problem, 400)}`)];
  if (log.lines.length === 0) return [line('Its log is empty.')];
  const lines = lastWithin(
    log.lines.map((text) => fit(text, LINE_CHARACTERS)),
    room,
  );
  const title = lines.length === 1 ? 'The last line of its log:' : `The last ${lines.length} lines of its log:`;
  return [line(title), preformatted(lines.join('\n'))];
}

/** The newest of them that have room, and always the newest one. */
function lastWithin(lines: readonly string[], room: number): readonly string[] {
  let spent = 0;
  const first = lines.findLastIndex((text) => (spent += text.length + 1) > room);
  return lines.slice(Math.min(first + 1, lines.length - 1));
}

function preformatted(text: string): RichTextPreformatted {
  return { type: 'rich_text_preformatted', elements: [{ type: 'text', text: text || '–' }] };
}

const STATES: Record<Container['state'], string> = {
  created: 'has never been started',
  running: 'is running',
  paused: 'is paused',
  restarting: 'does not stay up: Docker is starting it again',
  removing: 'is being removed',
  exited: 'has ended',
  dead: 'is dead: Docker could not remove it',
  unknown: 'is in a state that I do not know',
};

/** The Engine's own time: its clock may differ from that of the reader. */
function startOf({ state, startedAt, exitCode }: Container): Part[] {
  const at = Date.parse(startedAt);
  const started: Part[] = Number.isNaN(at) ? [] : [state === 'running' ? ' since ' : ', started last ', when(at)];
  const hasEnded = state === 'exited' || state === 'restarting';
  return [...started, hasEnded && exitCode !== undefined ? `, exit code ${exitCode}` : ''];
}

/** In a sentence, for whoever hears the message read aloud. */
export function containerText({ name, state }: Container): string {
  return `${fit(name, 80)} ${STATES[state]}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
