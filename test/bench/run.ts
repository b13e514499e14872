import { randomBytes } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startRedis } from '../../sandbox/redis/start-redis.ts';
import { build } from './build.ts';
import { asJson, asText, type Result } from './print.ts';
import { rows } from './registry.ts';
import type { Bench, Row } from './row.ts';

/** `npm run bench -- [--only NAME] [--json] [--runs N]`; README.md beside this file says how to read it. */

interface Wanted {
  readonly rows: readonly Row[];
  readonly json: boolean;
  readonly runs: number | undefined;
}

async function main(): Promise<void> {
  const wanted = readArguments();
  if (typeof wanted === 'string') {
    process.stderr.write(`${wanted}\n`);
    process.exitCode = 2;
    return;
  }
  const redis = await startRedis();
  try {
    say(
      `Node ${process.version}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}, Redis: ${redis.kind}, ${redis.version}`,
      wanted.json,
    );
    const results: Result[] = [];
    for (const row of wanted.rows) {
      const bench: Bench = {
        redis,
        runs: wanted.runs ?? row.runs,
        newPrefix: () => `{bench-${randomBytes(6).toString('hex')}}`,
      };
      const result = await measure(row, bench);
      results.push(result);
      say(asText(result), wanted.json);
    }
    if (wanted.json) process.stdout.write(`${asJson(results)}\n`);
    if (results.some(({ problem }) => problem !== undefined)) process.exitCode = 1;
  } finally {
    await redis.stop();
  }
}

async function measure(row: Row, bench: Bench): Promise<Result> {
  try {
    if (row.needsBuild) await build();
    return { row, measured: await row.measure(bench) };
  } catch (error) {
    return { row, measured: [], problem: error instanceof Error ? error.message : String(error) };
  }
}

/** A sentence, if they can't be read. */
function readArguments(): Wanted | string {
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string', multiple: true }, json: { type: 'boolean' }, runs: { type: 'string' } },
    });
    const names = values.only ?? rows.map(({ name }) => name);
    const unknown = names.filter((name) => !rows.some((row) => row.name === name));
    if (unknown.length > 0) {
      return `There is no row “${unknown.join(', ')}”. There are: ${rows.map(({ name }) => name).join(', ')}.`;
    }
    if (values.runs !== undefined && !/^[1-9]\d{0,3}$/.test(values.runs))
      return '--runs takes a number from 1 to 9999.';
    return {
      rows: rows.filter(({ name }) => names.includes(name)),
      json: values.json ?? false,
      runs: values.runs === undefined ? undefined : Number(values.runs),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `${reason}\nUsage: npm run bench -- [--only NAME] [--json] [--runs N]`;
  }
}

/** For people; with --json standard output is for the program that reads it. */
function say(text: string, isJson: boolean): void {
  (isJson ? process.stderr : process.stdout).write(`${text}\n`);
}

// So that 'exit' is told, and with it the end of every process that a row started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
await main();
// A row that could not be measured may have left something open.
process.exit();
