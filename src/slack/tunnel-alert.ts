import { capital } from '../core/capital.ts';
import { duration } from '../core/duration.ts';
import type { Post } from '../core/post.ts';
import { STATUS_MEANS } from '../core/tunnel.ts';
import { buttons, header, note, plainSection } from './blocks.ts';
import { escape, escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import type { Message } from './message.ts';
import { bold, lines, when, type Part } from './rich.ts';
import { time } from './time.ts';
import { restartButton } from './tunnel-restart-button.ts';

type Alert = Omit<Extract<Post, { kind: 'tunnel-alert' }>, 'kind' | 'alertId' | 'seq'>;

const RESTARTS_SHOWN = 5;

const MEANS: Record<Alert['status'], string> = {
  ...STATUS_MEANS,
  gone: 'it was deleted in Cloudflare, so nobody gets through it',
};

const GONE =
  'If another tunnel has taken its place, there is nothing to do. If not, make a new tunnel in the Zero Trust dashboard, under Networks → Tunnels, run cloudflared with its token, and lead the route of the app through it.';
const INACTIVE =
  'Run cloudflared with the token of this tunnel. It is in the Zero Trust dashboard, under Networks → Tunnels.';
const GAVE_UP =
  'The bot has restarted cloudflared 3 times within an hour, and leaves it alone now. A person has to look at the server.';

/** The one message of an outage in the ops channel, as far as it has got. */
export function tunnelAlert(alert: Alert): Message {
  const { endedAt, status } = alert;
  const title = titleOf(alert);
  const heading = header(`${signOf(alert)} ${title}`);
  if (endedAt !== undefined) {
    return {
      text: `${escape(title)}. ${pastText(alert, endedAt)}`,
      blocks: [heading, lines(...pastLines(alert, endedAt), ...restartLines(alert))],
    };
  }
  return {
    text: `${escape(title)}. ${presentText(alert)}`,
    blocks: [
      heading,
      lines(...presentLines(alert), ...restartLines(alert)),
      ...adviceTexts(alert).map((text) => plainSection(text)),
      ...(status === 'gone' ? [] : [buttons(restartButton({ isUrgent: true }))]),
      note('This message changes when the tunnel does. “/ocs-access tunnel” shows more.'),
    ],
  };
}

/** `The tunnel lantern-ocs is down again` */
function titleOf(alert: Alert): string {
  const { tunnel, status, endedAt } = alert;
  const name = `The tunnel ${fit(tunnel.name, 100)}`;
  if (endedAt === undefined)
    return status === 'gone' ? `${name} was deleted` : `${name} is ${status}${wasSo(alert) ? ' again' : ''}`;
  return status === 'healthy' ? `${name} is well again` : `${name} is not watched any more`;
}

/** Whether it was in this very state before, in the same outage. */
function wasSo({ status, again, was = [] }: Alert): boolean {
  return again !== undefined && was.some((one) => one === status);
}

function signOf({ status, endedAt }: Alert): string {
  if (endedAt !== undefined) return status === 'healthy' ? '✅' : 'ℹ️';
  return status === 'down' || status === 'gone' ? '🚨' : '⚠️';
}

function presentLines(alert: Alert): Part[][] {
  const { status, since, again, drops } = alert;
  return [
    [bold('Since:'), ' ', when(again ?? since)],
    [bold('What it means:'), ` ${sentence(MEANS[status])}`],
    ...(drops === 1 ? [] : [[bold('Unstable:'), ` ${oftenWords(alert)} since `, when(since), `. ${before(alert)}`]]),
  ];
}

function presentText(alert: Alert): string {
  const { status, since, again, drops } = alert;
  const unstable = drops === 1 ? '' : ` It is unstable: ${oftenWords(alert)} since ${time(since)}. ${before(alert)}`;
  const more = adviceTexts(alert).map((text) => ` ${escapeToFit(text, 700)}`);
  return `Since ${time(again ?? since)}: ${MEANS[status]}.${unstable}${more.join('')}`;
}

function before({ downMs }: Alert): string {
  return `Before this time, that was ${duration(downMs)} in all.`;
}

function pastLines(alert: Alert, endedAt: number): Part[][] {
  return [
    ...(alert.status === 'healthy' ? [] : [[NOT_WATCHED]]),
    [`${lengthWords(alert)}, from `, when(alert.since), ' until ', when(endedAt), '.'],
  ];
}

function pastText(alert: Alert, endedAt: number): string {
  const why = alert.status === 'healthy' ? '' : `${NOT_WATCHED} `;
  return `${why}${lengthWords(alert)}, from ${time(alert.since)} until ${time(endedAt)}.`;
}

const NOT_WATCHED = 'The routes of the app no longer lead through it.';

/** `It was down for 4 min 10 s`, `It was unstable: down 3 times, 1 min 10 s in all` */
function lengthWords(alert: Alert): string {
  const { drops, downMs } = alert;
  if (drops === 1) return `It was ${ailments(alert)} for ${duration(downMs)}`;
  return `It was unstable: ${oftenWords(alert)}, ${duration(downMs)} in all`;
}

function oftenWords(alert: Alert): string {
  return `${ailments(alert)} ${alert.drops} times`;
}

function ailments({ was = [] }: Alert): string {
  return was.length === 0 ? 'not well' : new Intl.ListFormat('en', { type: 'disjunction' }).format(was);
}

function restartLines({ restarts }: Alert): Part[][] {
  if (restarts.length === 0) return [];
  const shown = restarts.slice(-RESTARTS_SHOWN);
  const rest = restarts.length - shown.length;
  return [
    [
      bold('Restarted by the bot:'),
      ' ',
      ...(rest === 0 ? [] : [`${rest} times earlier, `]),
      ...shown.flatMap(({ requestId, at }, index): Part[] => [`${index === 0 ? '' : ', '}${requestId} `, when(at)]),
    ],
  ];
}

/** What a person has to do, or to know, to mend it. */
function adviceTexts({ status, gaveUp, problem }: Alert): string[] {
  return [
    ...(status === 'gone' ? [GONE] : []),
    ...(status === 'inactive' ? [INACTIVE] : []),
    ...(gaveUp ? [GAVE_UP] : []),
    ...(problem === undefined ? [] : [`The bot did not restart it by itself. ${fit(problem, 1000)}`]),
  ];
}

function sentence(words: string): string {
  return `${capital(words)}.`;
}
