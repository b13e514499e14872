import { expect, it } from 'vitest';
import { runMain } from './run-main.ts';

it.concurrent('plays the onboarding, and the account has really changed', { timeout: 60_000 }, async () => {
  const story = runMain(['--story']);

  expect(await story.ended).toBe(0);
  const said = story.printed();
  expect(said).toMatch(/Before, in the Cloudflare account\n.*\n.*\n {3}15 serial numbers .*\n {3}Ana Souza stays out/);
  expect(said).toContain('thousands of devices share it');
  expect(said).toContain('Only approvers can decide');
  expect(said).toMatch(/The card, as it changes:\n(.*\n)*.*\[>\]/);
  expect(said).toContain('REQ-0001 is done');
  expect(said).toContain('You have access to Open Chat Studio');
  expect(said).toMatch(/After, in the Cloudflare account\n.*15 people.*\n.*15 people.*\n {3}16 serial numbers/);
  expect(said).toMatch(/\n {3} +(\d+) +\1 {3}altogether\n/);
  expect(said).not.toMatch(/more than needed|fewer/);
  expect(said).toMatch(/Did the account really change\?\nYes: Ana Souza is let in/);
});

it.concurrent('plays it with an e-mail list and over HTTP as well', { timeout: 60_000 }, async () => {
  const story = runMain(['--story', '--email-list', '--http']);

  expect(await story.ended).toBe(0);
  expect(story.printed()).toMatch(/\n {3} +(\d+) +\1 {3}altogether\n/);
  expect(story.printed()).toMatch(/Yes: Ana Souza is let in/);
});

it.concurrent('fails when Cloudflare refuses to write, and says what is missing', { timeout: 60_000 }, async () => {
  const story = runMain(['--story'], { OCS_STORY_FAULT: 'refuse-writes' });

  expect(await story.ended).toBe(1);
  expect(story.printed()).toContain('REQ-0001 could not be done');
  expect(story.printed()).toMatch(/No\. This is missing:\n(.*\n)* {2}- Ana Souza may not connect a device\./);
});

it.concurrent('fails when the account is not as the bot says it is', { timeout: 60_000 }, async () => {
  const story = runMain(['--story'], { OCS_STORY_FAULT: 'undo-afterwards' });

  expect(await story.ended).toBe(1);
  expect(story.printed()).toContain('REQ-0001 is done');
  expect(story.printed()).toContain('  - The serial number C02XK0AZJG5J is not in the list.');
});

it.concurrent('says what a wrong name of a fault could have been', { timeout: 60_000 }, async () => {
  const story = runMain(['--story'], { OCS_STORY_FAULT: 'whatever' });

  expect(await story.ended).toBe(1);
  expect(story.printed()).toContain('it takes refuse-writes or undo-afterwards');
});
