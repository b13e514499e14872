import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, inject, it } from 'vitest';
import { z } from 'zod';

const entry = z.strictObject({
  row: z.string(),
  against: z.string().min(1),
  ratio: z.strictObject({ min: z.number().positive(), median: z.number().positive(), max: z.number().positive() }),
  aim: z.number().positive(),
});

it('measures a row and prints nothing but JSON', { timeout: 120_000 }, async () => {
  const { code, stdout } = await bench('--only', 'calls', '--only', 'scale', '--runs', '1', '--json');

  expect(code).toBe(0);
  const entries = z.array(entry).parse(JSON.parse(stdout));
  expect(new Set(entries.map(({ row }) => row))).toEqual(new Set(['calls', 'scale']));
  for (const { ratio } of entries) {
    expect(ratio.min).toBeLessThanOrEqual(ratio.median);
    expect(ratio.median).toBeLessThanOrEqual(ratio.max);
  }
});

it('names the rows there are when asked for another', { timeout: 30_000 }, async () => {
  const { code, stdout, stderr } = await bench('--only', 'speed', '--json');

  expect({ code, stdout, stderr }).toMatchInlineSnapshot(`
    {
      "code": 2,
      "stderr": "There is no row “speed”. There are: ack, calls, lost, lost-serial, jobs, start, scale, digest, digest-memory, log-memory, audit-verify.
    ",
      "stdout": "",
    }
  `);
});

it('says what it takes when a number is no number', { timeout: 30_000 }, async () => {
  expect((await bench('--runs', 'many')).stderr).toMatchInlineSnapshot(`
    "--runs takes a number from 1 to 9999.
    "
  `);
});

function bench(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const script = fileURLToPath(new URL('run.ts', import.meta.url));
  const env = { ...process.env, REDIS_URL: inject('redisUrl'), OCS_TEST_REDIS: 'auto' };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', script, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
