import { z } from 'zod';
import { eachOf } from '../core/each-of.ts';
import { PermanentError, TransientError } from '../core/errors.ts';
import { duration } from '../core/duration.ts';
import { defineStep } from '../core/step.ts';
import { STATUS_MEANS, type TunnelStatus } from '../core/tunnel.ts';
import { lastWords, nextSteps } from './parts/tunnel-last-words.ts';

const Args = z.object({
  tunnels: z.array(z.object({ id: z.string(), name: z.string() })).min(1),
  /** Name of the one that was restarted before this. */
  container: z.string(),
  /** Others are restarted too, one after another. */
  isOneOfSeveral: z.boolean().optional(),
  /** Ids of the connectors that were there when this was planned. */
  before: z.array(z.string()),
  /** How many others must be there by now. */
  fresh: z.int().min(1),
});
type Args = z.infer<typeof Args>;

interface Found {
  /** Without a status: it is gone. */
  readonly tunnels: readonly { readonly name: string; readonly status: TunnelStatus | undefined }[];
}

const HEALTHY_WITHIN_MS = 2 * 60 * 1000;
const LOOK_AGAIN_MS = 3_000;
const MOST_NAMED = 3;

/** Ensures that tunnels are healthy by new connections, which those that a restart has ended can’t be taken for. */
export const awaitTunnel = defineStep({
  id: 'await-tunnel',
  args: Args,
  says: ({ tunnels, container, isOneOfSeveral }) => {
    const after = isOneOfSeveral === true ? ` with the new ${container}` : '';
    return `Wait until ${namesOf(tunnels)} ${tunnels.length === 1 ? 'is' : 'are'} healthy${after}`;
  },
  look: async (args, { cloudflare, clock, firstTriedAt }) => {
    const [all, connectors] = await Promise.all([
      cloudflare.tunnels(),
      eachOf(args.tunnels, ({ id }) => cloudflare.connectors(id)),
    ]);
    const tunnels = args.tunnels.map(({ id, name }) => ({ name, status: all.find((one) => one.id === id)?.status }));
    const before = new Set(args.before);
    const fresh = connectors.flat().filter(({ id }) => !before.has(id)).length;
    const holds = fresh >= args.fresh && tunnels.every(({ status }) => status === 'healthy');
    return { holds, found: { tunnels }, notes: holds ? [noteOf(args, clock.now() - firstTriedAt)] : [] };
  },
  writes: false,
  apply: async (args, { server, clock, firstTriedAt }, { tunnels }) => {
    const gone = tunnels.filter(({ status }) => status === undefined);
    if (gone.length > 0) {
      throw new PermanentError(
        `Cloudflare has no tunnel ${namesOf(gone)} any more: somebody has deleted it, and no restart brings it back. Look in the Zero Trust dashboard, under Networks → Tunnels.`,
        { code: 'tunnel-gone' },
      );
    }
    if (clock.now() - firstTriedAt < HEALTHY_WITHIN_MS) {
      throw new TransientError(`${namesOf(tunnels)}: not healthy yet.`, {
        code: 'not-yet',
        retryAfterMs: LOOK_AGAIN_MS,
      });
    }
    const log = await lastWords(server, args.container);
    throw new PermanentError([whatIsWrong(args, tunnels), nextSteps(server), log].join('\n'), {
      code: 'tunnel-not-healthy',
    });
  },
  byHand: () => 'Zero Trust dashboard → Networks → Tunnels',
});

function noteOf({ tunnels, container, isOneOfSeveral }: Args, tookMs: number): string {
  const what = `${namesOf(tunnels)} ${tunnels.length === 1 ? 'is' : 'are'} healthy again`;
  return `${what}, ${duration(tookMs)} after the restart${isOneOfSeveral === true ? ` of ${container}` : ''}.`;
}

function whatIsWrong({ container }: Args, tunnels: Found['tunnels']): string {
  const sick = tunnels.flatMap(({ name, status }) =>
    status === undefined || status === 'healthy' ? [] : [`${name} is “${status}”: ${STATUS_MEANS[status]}.`],
  );
  const waited = duration(HEALTHY_WITHIN_MS);
  if (sick.length === 0) {
    const is = tunnels.length === 1 ? 'is' : 'are';
    return `${namesOf(tunnels)} ${is} healthy by connections from before, but no new one came within ${waited} of the restart of ${container}. Its log may say why; if not, another machine may run the tunnel.`;
  }
  const more = sick.length > MOST_NAMED ? [`${sick.length - MOST_NAMED} more are not healthy either.`] : [];
  return [`Not healthy ${waited} after the restart.`, ...sick.slice(0, MOST_NAMED), ...more].join(' ');
}

function namesOf(tunnels: readonly { readonly name: string }[]): string {
  const rest = tunnels.length - MOST_NAMED;
  const names = tunnels.slice(0, MOST_NAMED).map(({ name }) => (name.length > 60 ? `${name.slice(0, 59)}…` : name));
  return new Intl.ListFormat('en').format(rest > 0 ? [...names, `${rest} more`] : names);
}
