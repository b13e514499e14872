import { z } from 'zod';
import { defineAction, type ServerFacts } from '../core/action.ts';
import { UserError } from '../core/errors.ts';
import { fixedPart } from '../core/fields.ts';
import type { Container } from '../core/server.ts';
import { tunnelNames } from '../core/tunnel-names.ts';
import type { TunnelReport } from '../core/tunnel.ts';
import { awaitTunnel } from '../steps/await-tunnel.ts';
import { restartContainer } from '../steps/restart-container.ts';
import { restartsOf, type Restart } from './parts/tunnel-restarts.ts';
import { restartWarnings } from './parts/tunnel-warnings.ts';

export const tunnelRestart = defineAction({
  id: 'tunnel-restart',
  command: 'tunnel restart',
  title: 'Restart the tunnel',
  summary: 'Restart cloudflared on the server, one replica after another, and wait until Cloudflare says healthy.',
  usage: '',
  examples: ['tunnel restart'],
  effect: 'change',
  mayAsk: 'member',
  approvals: (_input, { isSystem, isApprover }) => (isSystem || isApprover ? 0 : 1),
  approvalsSay: 'none for an approver, who reads the plan and confirms it; 1 if somebody else asks',
  confirms: true,
  oneAtATime: true,
  needsServer: true,
  input: z.object({
    /** Given by the bot where it heals the tunnel by itself. */
    reason: fixedPart(z.string().optional()),
  }),
  describe: () => 'Restart the tunnel',
  beneficiaries: () => [],
  scope: () => ({ tunnels: true }),
  plan: (_input, { tunnels: found }, { server }) => {
    const containers = containersOf(server);
    const tunnels = (found?.tunnels ?? []).toSorted(byId);
    if (tunnels.length === 0) throw noTunnel(found?.basis);
    const restarts = restartsOf(containers, tunnels);
    if (restarts.length === 0) throw otherTunnels(containers, tunnels);
    return {
      stages: restarts.flatMap((restart) => stagesOf(restart, restarts.length > 1, tunnels)),
      warnings: restartWarnings(restarts, containers, tunnels),
    };
  },
});

/** In the same order whenever it is read, because an approval is for exactly this plan. */
function byId(one: TunnelReport, other: TunnelReport): number {
  return one.id < other.id ? -1 : 1;
}

function stagesOf({ container, tunnels, fresh }: Restart, isOneOfSeveral: boolean, all: readonly TunnelReport[]) {
  const { id, name, startedAt } = container;
  const names = tunnelNames(all);
  const before = tunnels.flatMap(({ connectors }) => connectors.map((connector) => connector.id));
  return [
    [restartContainer.with({ id, name, startedAt })],
    [
      awaitTunnel.with({
        tunnels: tunnels.map((tunnel) => ({ id: tunnel.id, name: names.get(tunnel.id) ?? tunnel.name })),
        container: name,
        ...(isOneOfSeveral ? { isOneOfSeveral } : {}),
        before: before.toSorted(),
        fresh,
      }),
    ],
  ];
}

function containersOf(server: ServerFacts | undefined): readonly Container[] {
  if (server === undefined) throw new Error('A restart of the tunnel was planned without a look at the server.');
  if ('containers' in server) return server.containers;
  const { problem, byHand } = server;
  const command = problem.includes(byHand) ? '' : ` Type this on the server instead: ${byHand}`;
  throw new UserError(`I can’t restart it from here. ${problem}${command}`, { code: 'no-server' });
}

/** How it was looked for says why there is none: a route may lead to one that was deleted. */
function noTunnel(basis: string = ''): UserError {
  const says = [
    'Cloudflare knows no tunnel that leads to the app, so there is none to restart.',
    ...(basis === '' ? [] : [basis]),
    'Set one up in the Zero Trust dashboard, under Networks → Tunnels.',
  ];
  return new UserError(says.join(' '), { code: 'no-tunnel' });
}

function otherTunnels(containers: readonly Container[], tunnels: readonly TunnelReport[]): UserError {
  const here = new Intl.ListFormat('en').format(containers.map(({ name }) => name));
  const app = new Intl.ListFormat('en').format([...tunnelNames(tunnels).values()]);
  return new UserError(
    `${here} on the server ${containers.length === 1 ? 'runs' : 'run'} another tunnel than ${app}, so nothing was restarted. Restart cloudflared on the machine that runs ${app}, or have your operator check CLOUDFLARED_CONTAINER.`,
    { code: 'other-tunnel' },
  );
}
