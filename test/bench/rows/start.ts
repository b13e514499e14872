import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startCloudflare } from '../../../sandbox/cloudflare/server.ts';
import { startSandbox } from '../../../sandbox/start-sandbox.ts';
import { ROOT } from '../build.ts';
import { startNode } from '../child.ts';
import type { Bench, Row } from '../row.ts';
import { inTurns, ratiosOf } from '../spread.ts';

const MAIN = join(ROOT, 'dist/main.js');
/** Both: Slack has greeted every connection that the configuration asks for. */
const CONNECTIONS = 2;

export const start: Row = {
  name: 'start',
  about: 'from starting the process to Slack having greeted it, in Socket Mode',
  aim: 1.5,
  runs: 9,
  needsBuild: true,
  async measure(bench) {
    const imports = packagesOf(MAIN);
    const cloudflare = await startCloudflare();
    const sandbox = await startSandbox({
      redisUrl: bench.redis.url,
      parts: [],
      env: { CLOUDFLARE_BASE_URL: cloudflare.url, SOCKET_CONNECTIONS: String(CONNECTIONS) },
    });
    const { slack } = sandbox;

    async function startToConnected(): Promise<number> {
      await slack.until(() => slack.connections() === 0, { what: 'the process before to be gone' });
      const started = performance.now();
      const child = await startNode(programOf(bench), { env: { ...sandbox.env, REDIS_PREFIX: bench.newPrefix() } });
      try {
        const greeted = slack.until(() => slack.connections() === CONNECTIONS, {
          what: 'the connections',
          timeoutMs: 30_000,
        });
        await child.outlasts(greeted);
        return performance.now() - started;
      } finally {
        await child.stop();
      }
    }

    async function startToImported(): Promise<number> {
      const program = `${imports.map((name) => `import ${JSON.stringify(name)};`).join('')}console.log('imported');`;
      const started = performance.now();
      const child = await startNode(['--input-type=module', '--eval', program], { cwd: ROOT });
      try {
        return (await child.says(/imported/)) - started;
      } finally {
        await child.stop();
      }
    }

    try {
      const { ours, theirs } = await inTurns(bench.runs, startToConnected, startToImported);
      return [
        {
          against: 'importing the same packages in a fresh process',
          ratios: ratiosOf(ours, theirs),
          figures: [
            { what: 'start to connected', unit: 'ms', values: ours },
            { what: 'start to imported', unit: 'ms', values: theirs },
          ],
        },
      ];
    } finally {
      await sandbox.stop();
      await cloudflare.stop();
    }
  },
};

/** The program itself refuses a Redis that keeps nothing, so on the embedded one a twin without that check is measured. */
function programOf({ redis }: Bench): string[] {
  return redis.kind === 'embedded' ? [join(ROOT, 'test/bench/apps/our-house.mjs'), 'bot', 'worker'] : [MAIN];
}

const IMPORT = /^(?:import\s*|(?:import|export)\s[^;'"]*?\bfrom\s*)['"]([^'"]+)['"]/gm;

/** What a compiled program imports from packages and from Node itself, by way of all its files. */
function packagesOf(entry: string): string[] {
  const packages = new Set<string>();
  const files = new Set([entry]);
  for (const file of files) {
    for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      if (from.startsWith('.')) files.add(join(dirname(file), from));
      else packages.add(from);
    }
  }
  if (packages.size === 0) throw new Error(`no import was found in ${entry}`);
  return [...packages];
}
