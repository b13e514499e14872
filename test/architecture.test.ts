import { readdirSync, readFileSync } from 'node:fs';
import { basename, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actions } from '../src/actions/registry.ts';
import { steps } from '../src/steps/registry.ts';

interface Room {
  /** Rooms that its files may import from, besides itself. */
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
}

/** Arrows point to core. A new arrow is a change of design: say so in docs/decisions. */
const ROOMS: Record<string, Room> = {
  core: { rooms: [], packages: ['zod', 'node:crypto'] },
  steps: { rooms: ['core'], packages: ['zod'] },
  actions: { rooms: ['core', 'steps'], packages: ['zod'] },
  cloudflare: { rooms: ['core'], packages: ['cloudflare', 'node:net', 'zod'] },
  server: { rooms: ['core'], packages: ['node:fs/promises', 'node:http', 'node:https', 'node:path', 'zod'] },
  checks: { rooms: ['core'], packages: ['fastest-levenshtein'] },
  store: { rooms: ['core'], packages: ['ioredis', 'node:crypto', 'node:timers/promises', 'zod'] },
  slack: {
    rooms: ['core'],
    packages: [
      '@resvg/resvg-js',
      '@slack/bolt',
      '@slack/types',
      '@slack/web-api',
      'node:crypto',
      'node:http',
      'node:module',
      'node:timers/promises',
      'zod',
    ],
  },
  commands: {
    rooms: ['core', 'actions', 'checks', 'slack'],
    packages: [
      '@slack/bolt',
      '@slack/types',
      '@slack/web-api',
      'csv-parse/sync',
      'fastest-levenshtein',
      'node:crypto',
      'zod',
    ],
  },
  jobs: { rooms: ['core', 'steps'], packages: ['bullmq', 'zod'] },
  config: { rooms: ['core'], packages: ['fastest-levenshtein', 'ms', 'node:fs', 'node:util', 'zod'] },
  wiring: {
    rooms: [
      'core',
      'steps',
      'actions',
      'checks',
      'cloudflare',
      'server',
      'store',
      'slack',
      'commands',
      'jobs',
      'config',
    ],
    packages: ['@slack/bolt', '@slack/web-api', 'node:*', 'pino', 'zod'],
  },
  mains: { rooms: ['wiring'], packages: [] },
};

const MAINS = ['main.ts', 'bot.ts', 'worker.ts', 'cli.ts', 'healthcheck.ts'];

/** File to text. Paths are from the folder of the repository, with slashes. */
type Sources = Readonly<Record<string, string>>;

/** `src/core/ask.ts` is in `core`; undefined for what is in no room of src. */
function roomOf(path: string): string | undefined {
  const [top, first = '', ...rest] = path.split('/');
  if (top !== 'src') return undefined;
  if (rest.length > 0) return first;
  if (first === 'config.ts') return 'config';
  return MAINS.includes(first) ? 'mains' : undefined;
}

const IMPORTS =
  /^(?:import|export)\s[^'";]*?\bfrom\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORTS)].flatMap(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? []);
}

/** `src/core/ask.ts -> ioredis` for every import that the table does not allow. */
function strays(sources: Sources): string[] {
  return Object.entries(sources).flatMap(([path, text]) => {
    const room = roomOf(path);
    const rule = room === undefined ? undefined : ROOMS[room];
    if (room === undefined || rule === undefined) return [`${path} is in no room of the table`];
    return importsOf(text)
      .filter((specifier) => !isAllowed(specifier, path, room, rule))
      .map((specifier) => `${path} -> ${specifier}`);
  });
}

function isAllowed(specifier: string, path: string, room: string, rule: Room): boolean {
  if (specifier.startsWith('.')) {
    const target = roomOf(posix.join(posix.dirname(path), specifier));
    // A main is started, never imported.
    return target !== undefined && (rule.rooms.includes(target) || (target === room && room !== 'mains'));
  }
  return rule.packages.some((allowed) =>
    allowed.endsWith('*') ? specifier.startsWith(allowed.slice(0, -1)) : specifier === allowed,
  );
}

/** `src/core/ask.ts: Date.now` for everything that a room must not touch although nobody imports it. */
function forbidden(sources: Sources): string[] {
  const rules: readonly { readonly what: RegExp; readonly where: (room: string) => boolean }[] = [
    { what: /\bprocess\.env\b/, where: (room) => room !== 'config' },
    {
      what: /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|\bfetch\(|\bconsole\./,
      where: (room) => ['core', 'steps', 'actions'].includes(room),
    },
  ];
  return Object.entries(sources).flatMap(([path, text]) =>
    rules
      .filter(({ where }) => where(roomOf(path) ?? ''))
      .flatMap(({ what }) => what.exec(text)?.[0] ?? [])
      .map((found) => `${path}: ${found}`),
  );
}

function misnamed(paths: readonly string[]): string[] {
  const banned = ['utils', 'util', 'common', 'helpers', 'helper', 'misc', 'types', 'index'];
  return paths.filter((path) => {
    const parts = basename(path).split('.');
    return !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(parts[0] ?? '') || banned.includes(parts[0] ?? '');
  });
}

const paths = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => `src/${path.replaceAll('\\', '/')}`);
const sources: Sources = Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')]));

describe('the house', () => {
  it('has files in every room of the table, and imports in every one', () => {
    const seen = Object.keys(ROOMS).map((room) => {
      const files = paths.filter((path) => roomOf(path) === room);
      const imports = files.flatMap((path) => importsOf(sources[path] ?? ''));
      return { room, hasFiles: files.length > 0, hasImports: imports.length > 0 };
    });

    expect(seen).toEqual(Object.keys(ROOMS).map((room) => ({ room, hasFiles: true, hasImports: true })));
  });

  it('has no import that its table does not allow', () => {
    expect(strays(sources)).toEqual([]);
  });

  it('reads the environment in one place, and the clock in none of core, steps and actions', () => {
    expect(forbidden(sources)).toEqual([]);
  });

  it('names its files after what is in them', () => {
    expect(misnamed(paths)).toEqual([]);
  });

  it.each([
    ['ioredis', 'store'],
    ['cloudflare', 'cloudflare'],
    ['bullmq', 'jobs'],
    ['pino', 'wiring'],
    ['@resvg/resvg-js', 'slack'],
  ])('knows %s in one room only', (name, room) => {
    const importers = paths.filter((path) => importsOf(sources[path] ?? '').includes(name));

    expect([...new Set(importers.map(roomOf))]).toEqual([room]);
  });
});

describe('the registries', () => {
  it.each([
    ['src/actions', actions],
    ['src/steps', steps],
  ])('%s holds every file of its folder, under its name', (folder, registered) => {
    const files = paths
      .filter((path) => posix.dirname(path) === folder)
      .map((path) => basename(path, '.ts'))
      .filter((name) => name !== 'registry');

    expect(registered.map(({ id }) => id).toSorted()).toEqual(files.toSorted());
  });
});

describe('the checks of this file', () => {
  it.each<[string, string, string[]]>([
    ['src/core/planted.ts', "import { Redis } from 'ioredis';", ['ioredis']],
    ['src/core/planted.ts', "import type { View } from '../slack/form-view.ts';", ['../slack/form-view.ts']],
    ['src/core/planted.ts', "import {\n  one,\n  two,\n} from '../jobs/queues.ts';", ['../jobs/queues.ts']],
    ['src/core/planted.ts', "export { one } from '../store/store.ts';", ['../store/store.ts']],
    ['src/core/planted.ts', "import 'bullmq';", ['bullmq']],
    ['src/core/planted.ts', "const late = await import('cloudflare');", ['cloudflare']],
    ['src/core/planted.ts', "import { readFile } from 'node:fs/promises';", ['node:fs/promises']],
    ['src/jobs/planted.ts', "import { add } from '../actions/add.ts';", ['../actions/add.ts']],
    ['src/actions/parts/planted.ts', "import { x } from '../../store/store.ts';", ['../../store/store.ts']],
    [
      'src/wiring/planted.ts',
      "import { startSlack } from '../../sandbox/slack/start-slack.ts';",
      ['../../sandbox/slack/start-slack.ts'],
    ],
    ['src/commands/planted.ts', "import { wire } from '../wiring/start-bot.ts';", ['../wiring/start-bot.ts']],
    ['src/wiring/planted.ts', "import { x } from '../main.ts';", ['../main.ts']],
    ['src/bot.ts', "import { x } from './main.ts';", ['./main.ts']],
    ['src/core/fine.ts', "import { z } from 'zod';\nimport { x } from './plan.ts';", []],
    ['src/wiring/fine.ts', "import { x } from '../config.ts';\nimport { y } from 'node:os';", []],
    ['src/core/fine.ts', "const words = [one, ' from ', two];\nconst more = ' from ';", []],
  ])('find what %s may not import: %j', (path, text, found) => {
    expect(strays({ [path]: text })).toEqual(found.map((specifier) => `${path} -> ${specifier}`));
  });

  it('find a room that nobody has thought of, and a file beside the rooms', () => {
    expect(strays({ 'src/shed/tool.ts': '', 'src/extra.ts': '' })).toEqual([
      'src/shed/tool.ts is in no room of the table',
      'src/extra.ts is in no room of the table',
    ]);
  });

  it('find who reads the environment or the clock', () => {
    expect(
      forbidden({
        'src/jobs/planted.ts': 'const url = process.env.REDIS_URL;',
        'src/core/planted.ts': 'const now = Date.now();',
        'src/config.ts': 'const given = process.env;',
        'src/jobs/fine.ts': 'const now = Date.now();',
      }),
    ).toEqual(['src/jobs/planted.ts: process.env', 'src/core/planted.ts: Date.now']);
  });

  it('find names that say nothing', () => {
    const bad = ['src/core/utils.ts', 'src/core/index.ts', 'src/slack/formView.ts', 'src/core/types.ts'];

    expect(misnamed([...bad, 'src/core/plan.ts', 'src/store/commit.lua.ts'])).toEqual(bad);
  });
});
