import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { servePage } from '../../sandbox/page/serve.ts';
import type { SandboxOptions } from '../../sandbox/start-sandbox.ts';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';
import { findChromium } from './find-chromium.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What a person does on the page, by the words on it. */
export interface Visit {
  readonly sandbox: TestSandbox;
  readonly page: Page;
  readonly becomes: (name: string) => Promise<void>;
  readonly goesTo: (place: string) => Promise<void>;
  readonly types: (line: string) => Promise<void>;
}

export const chromiumPath = findChromium();

/**
 * Opens the page of a fresh sandbox in Chromium. A test fails if the browser saw an error that nothing on the page has
 * caught, or was told to fetch what the page's content policy forbids.
 */
export function usePage(): (
  options?: { width?: number } & Pick<SandboxOptions, 'cloudflare' | 'slack' | 'docker' | 'env' | 'rounds'>,
) => Promise<Visit> {
  const start = useSandbox();
  const ends: (() => Promise<void>)[] = [];
  let browser: Browser | undefined;
  let errors: string[] = [];

  beforeAll(async () => {
    if (chromiumPath !== undefined) browser = await chromium.launch({ executablePath: chromiumPath, args: flags });
  });
  afterAll(async () => browser?.close());
  // Before the sandbox ends: hooks run in reverse, and a page that lost its sandbox is not of interest.
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
    const seen = errors;
    errors = [];
    if (seen.length > 0) throw new Error(`The browser saw:\n${seen.join('\n')}`);
  });

  return async ({ width = 1280, ...options } = {}) => {
    if (browser === undefined) throw new Error('There is no Chromium.');
    const sandbox = await start(options);
    const served = await servePage({ port: 0, sandbox });
    const context = await browser.newContext({ viewport: { width, height: 844 } });
    ends.push(
      () => served.stop(),
      () => context.close(),
    );
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(served.url);
    await page.getByRole('navigation', { name: 'Who you are' }).waitFor();
    return {
      sandbox,
      page,
      becomes: (name) => press(page, 'Who you are', name),
      goesTo: (place) => press(page, 'Channels', place),
      types: async (line) => {
        await page.getByLabel(/^Message or command/).fill(line);
        await page.keyboard.press('Enter');
      },
    };
  };
}

/** Resolves when the page has turned there: what is typed before that is still typed by whom one was. */
async function press(page: Page, navigation: string, words: string): Promise<void> {
  const places = page.getByRole('navigation', { name: navigation });
  await places.getByRole('button', { name: words }).click();
  await places.locator('[aria-current=true]').filter({ hasText: words }).waitFor();
}
