import { bytesInWords } from '../core/bytes.ts';
import type { Digest } from '../core/digest/digest.ts';
import { duration } from '../core/duration.ts';
import { momentOf, moreOf, type DigestPart } from './digest-part.ts';
import { addressOf, countOf, numberInWords } from './digest-words.ts';
import { fit } from './fit.ts';
import { bold, type Part } from './rich.ts';

/** What went over the network, and how the tunnel and the bot did: a line each. */
export function workParts(digest: Digest): DigestPart[] {
  return [networkPart(digest), tunnelPart(digest), botPart(digest)];
}

const DESTINATIONS = 3;

function networkPart({ network }: Digest): DigestPart {
  const { sessions, sent, received, destinations, problem } = network;
  const heading = bold('Network:');
  const unread = problem === undefined ? '' : ` It could not be read: ${fit(problem, 200)}`;
  if (sessions === 0) return { line: [heading, unread === '' ? ' nothing was used.' : unread] };
  const top = destinations
    .slice(0, DESTINATIONS)
    .map(({ name, bytes }) => `${fit(name, 64)} (${bytesInWords(bytes)})`)
    .join(', ');
  const most = top === '' ? '' : ` Most with ${top}.`;
  return {
    line: [
      heading,
      ` ${countOf(sessions, 'connection', 'connections')}, ${bytesInWords(received)} received, ${bytesInWords(sent)} sent.${most}${unread}`,
    ],
  };
}

const OUTAGES = 3;

function tunnelPart(digest: Digest): DigestPart {
  const { down, outages } = digest.tunnel;
  const heading = bold('Tunnel:');
  if (outages.length === 0) return { line: [heading, ' no outage.'] };
  const more = outages.length - OUTAGES;
  return {
    line: [
      heading,
      ` ${countOf(outages.length, 'outage', 'outages')}, ${duration(down)} of the day in all: `,
      ...outages
        .slice(0, OUTAGES)
        .flatMap((one, index): Part[] => [...(index === 0 ? [] : ['; ']), ...outageParts(one, digest)]),
      more > 0 ? `; and ${numberInWords(more)} more.` : '.',
    ],
  };
}

function outageParts({ name, from, to }: Digest['tunnel']['outages'][number], digest: Digest): Part[] {
  const end: Part[] = to === undefined ? [', not over yet'] : [' until ', momentOf(to, digest)];
  return [`${fit(name, 60)} from `, momentOf(from, digest), ...end];
}

function botPart({ bot }: Digest): DigestPart {
  const { asked, done, denied, failed } = bot;
  const open = openRequests({ bot });
  const counts: readonly (readonly [number, string])[] = [
    [asked, 'new'],
    [done, 'done'],
    [denied, 'denied'],
    [failed, 'failed'],
    [open, 'open now'],
  ];
  const said = counts.filter(([count]) => count > 0).map(([count, word]) => `${numberInWords(count)} ${word}`);
  return { line: [bold('Requests:'), said.length === 0 ? ' none.' : ` ${said.join(', ')}.`] };
}

export function openRequests({ bot }: Pick<Digest, 'bot'>): number {
  return bot.open.length + (bot.moreOpen ?? 0);
}

export function moreWorkParts(digest: Digest): DigestPart[] {
  const { network, tunnel, bot } = digest;
  return [
    moreOf('Most traffic, by destination', network.destinations, {
      max: 1000,
      unlisted: 0,
      draw: ({ name, sessions, bytes }) => [
        `${fit(name, 80)}: ${bytesInWords(bytes)}, ${countOf(sessions, 'connection', 'connections')}`,
      ],
    }),
    moreOf('Most traffic, by device', network.devices, {
      max: 1000,
      unlisted: 0,
      draw: ({ name, email, bytes }) => [`${fit(name, 60)} (${addressOf(email)}): ${bytesInWords(bytes)}`],
    }),
    moreOf('More outages', tunnel.outages.slice(OUTAGES), {
      max: 800,
      unlisted: 0,
      draw: (one) => outageParts(one, digest),
    }),
    moreOf('Open requests', bot.open, {
      max: 1500,
      unlisted: bot.moreOpen ?? 0,
      draw: ({ id, says }) => [bold(fit(id, 30)), `: ${fit(says, 160)}`],
    }),
  ].flat();
}
