import { afterEach, expect, it } from 'vitest';
import { startAdapter, type Started } from './start-adapter.ts';

let started: Started | undefined;
afterEach(() => started?.cf.stop());

it.each(['healthy', 'degraded', 'down', 'inactive'] as const)('says that the tunnel is %s', async (status) => {
  started = await startAdapter({ seed: { tunnel: status } });

  await expect(started.cloudflare.tunnels()).resolves.toEqual([{ name: 'lantern-ocs', status }]);
});

it('says unknown for a status of tomorrow', async () => {
  started = await startAdapter();
  started.cf.faults.add({
    path: 'cfd_tunnel',
    mangle: () => ({ success: true, errors: [], messages: [], result: [{ id: 't1', name: 'x', status: 'sleeping' }] }),
  });

  await expect(started.cloudflare.tunnels()).resolves.toEqual([{ name: 'x', status: 'unknown' }]);
  started.cf.violations.length = 0;
});
