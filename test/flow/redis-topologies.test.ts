import { afterEach, describe, it } from 'vitest';
import { hasRedisServer, startCluster, startSentinel, type Topology } from '../harness/redis-topologies.ts';
import { useSandbox } from '../harness/use-sandbox.ts';
import { asksForAna, cardOf, cardSays } from './onboarding-driver.ts';

const start = useSandbox();
const isPossible = hasRedisServer();
if (!isPossible && process.env['CI'] === undefined) {
  process.stderr.write('Skipped: a cluster and a sentinel need redis-server and redis-cli on PATH.\n');
}

// In CI it runs, and fails where there is no server.
describe.skipIf(!isPossible && process.env['CI'] === undefined)('lets a colleague in', () => {
  let topology: Topology | undefined;
  afterEach(() => topology?.stop());

  it.each([
    ['a cluster of three', startCluster],
    ['a master behind a sentinel', startSentinel],
  ])('on %s', async (_name, startTopology) => {
    topology = await startTopology();
    const sandbox = await start({ parts: [], env: { REDIS_URL: topology.url } });
    const house = await sandbox.start(['bot', 'worker']);

    await asksForAna(sandbox);
    await sandbox.slack.as('cara').clicks(cardOf(sandbox), 'Approve');

    await cardSays(sandbox, /✅ REQ-0001/);
    await house.stop();
  });
});
