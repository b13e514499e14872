import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { lanternHealth } from '../sandbox/slack/seed.ts';
import { actions } from '../src/actions/registry.ts';
import { commandOf, listedActions } from '../src/slack/listed-actions.ts';
import { renderManifest } from '../src/slack/manifest.ts';
import { renderActions } from './harness/render-actions.ts';

// `npm run docs` writes both files again; in CI a difference fails.

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = renderManifest(actions);
const read = z
  .object({
    features: z.object({
      slash_commands: z.array(z.object({ command: z.string(), usage_hint: z.string(), should_escape: z.boolean() })),
      shortcuts: z.array(z.object({ callback_id: z.string() })).default([]),
    }),
    oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
    settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
  })
  .parse(parse(manifest));

const inCi = !['', 'false', undefined].includes(process.env['CI']);

it('docs/actions.md describes the actions as they are', async () => {
  await expect(renderActions(actions)).toMatchFileSnapshot('../docs/actions.md');
});

it('each runtime dependency has its reason, and there are fewer than 15', () => {
  const Package = z.object({ dependencies: z.record(z.string(), z.string()) });
  const { dependencies } = Package.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const table = readFileSync(join(root, 'docs/decisions/dependencies.md'), 'utf8');
  const reasoned = [...table.matchAll(/^\| `([^`]+)` \| \S/gm)].map(([, name]) => name);

  expect(reasoned).toEqual(Object.keys(dependencies));
  expect(reasoned.length).toBeLessThan(15);
});

describe('manifest.yml', () => {
  it('is what the code needs', async () => {
    await expect(manifest).toMatchFileSnapshot('../manifest.yml');
  });

  it('asks for the permissions that the simulated Slack grants and holds calls to', () => {
    expect(read.oauth_config.scopes.bot.toSorted()).toEqual(lanternHealth.app.scopes.toSorted());
  });

  it('subscribes to every event, command and shortcut that something listens to', () => {
    const listened = {
      event: read.settings.event_subscriptions.bot_events,
      command: read.features.slash_commands.map(({ command }) => command),
      shortcut: read.features.shortcuts.map(({ callback_id }) => callback_id),
    };
    const missing = Object.entries(listened).flatMap(([kind, known]) =>
      listeners(kind).filter((name) => !known.includes(name)),
    );
    expect(missing).toEqual([]);
    expect(listeners('event')).not.toEqual([]);
    expect(listeners('command')).toEqual(['/ocs-access']);
  });

  it('hints at every action', () => {
    const [command] = read.features.slash_commands;
    for (const action of listedActions(actions)) expect(command?.usage_hint).toContain(commandOf(action));
  });

  it('has mentions sent as ids', () => {
    expect(read.features.slash_commands.map(({ should_escape }) => should_escape)).toEqual([true]);
  });

  const schemaFile = findSchema();
  if (schemaFile === undefined && !inCi) {
    // oxlint-disable-next-line no-console -- a skip that nobody sees is as good as no test
    console.warn('manifest not checked against Slack’s schema: set MANIFEST_SCHEMA to its manifest.schema.json');
  }

  it.runIf(inCi)('has Slack’s schema at hand in CI', () => {
    expect(schemaFile).toBeDefined();
  });

  describe.skipIf(schemaFile === undefined)('by Slack’s own schema', () => {
    it('is valid', () => {
      expect(problemsOf(parse(manifest), schemaFile ?? '')).toEqual([]);
    });

    it('would not be with a command that has no description', () => {
      const broken = parse(manifest.replace(/^ {6}description: .*\n/m, '')) as unknown;

      expect(problemsOf(broken, schemaFile ?? '').join()).toContain('description');
    });
  });
});

/** The names that the sources pass to `app.event`, `app.command` or `app.shortcut`. */
function listeners(kind: string): string[] {
  const pattern = new RegExp(String.raw`\bapp\.${kind}\(\s*'([^']+)'`, 'g');
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(root, 'src', file), 'utf8').matchAll(pattern)])
    .flatMap(([, name]) => name ?? []);
}

function problemsOf(document: unknown, schemaFile: string): string[] {
  const schema = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(schemaFile, 'utf8')));
  const check = new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);
  check(document);
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The file that MANIFEST_SCHEMA names, or the copy beside the checkout. */
function findSchema(): string | undefined {
  const named = process.env['MANIFEST_SCHEMA'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error('MANIFEST_SCHEMA names a file that does not exist');
    return named;
  }
  const beside = fileURLToPath(new URL('../../shared/slack/manifest.schema.json', import.meta.url));
  return existsSync(beside) ? beside : undefined;
}
