import type { WebClient } from '@slack/web-api';
import type { Config } from '../config.ts';
import type { Probe } from '../core/health.ts';
import type { Foundation } from './foundation.ts';
import { readVersion } from './version.ts';

export interface ProbeDependencies {
  readonly config: Config;
  readonly foundation: Foundation;
  readonly client: WebClient;
}

/** What `status` looks at. */
export function createProbes({ config, foundation, client }: ProbeDependencies): Probe[] {
  const { store, cloudflare, queues } = foundation;
  return [
    {
      name: 'Slack',
      look: () =>
        timed(() => client.auth.test(), `${config.slack.mode === 'socket' ? 'Socket Mode' : 'HTTP'}, answers`),
    },
    { name: 'Redis', look: () => timed(() => store.ping(), 'answers') },
    {
      name: 'Audit log',
      look: async () => {
        const { seq } = await store.auditHead();
        return { ok: true, says: `goes on behind entry ${seq}` };
      },
    },
    { name: 'Cloudflare token', look: () => cloudflare.checkToken() },
    {
      name: 'Tunnel',
      look: async () => {
        const tunnels = await cloudflare.tunnels();
        if (tunnels.length === 0) return { ok: false, says: 'there is no tunnel in this account' };
        return {
          ok: tunnels.every(({ status }) => status === 'healthy'),
          says: tunnels.map(({ name, status }) => `${name} is ${status}`).join(', '),
        };
      },
    },
    {
      name: 'Queues',
      look: async () => {
        const waiting = await Promise.all(
          (['runs', 'emergency', 'posts', 'timers'] as const).map(
            async (name) => `${name} ${await queues[name].getJobCountByTypes('waiting', 'active', 'delayed')}`,
          ),
        );
        const failed = await queues.posts.getFailedCount();
        return {
          ok: failed === 0,
          says: `waiting: ${waiting.join(', ')}${failed === 0 ? '' : `; ${failed} messages could not be delivered in the last day`}`,
        };
      },
    },
    { name: 'Version', look: async () => ({ ok: true, says: readVersion() }) },
  ];
}

async function timed(call: () => Promise<unknown>, what: string): Promise<{ ok: boolean; says: string }> {
  const started = performance.now();
  await call();
  return { ok: true, says: `${what} in ${Math.max(1, Math.round(performance.now() - started))} ms` };
}
