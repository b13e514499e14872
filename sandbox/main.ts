import { StartError } from '../src/wiring/check-start.ts';
import { readOptions, usage, type Options } from './options.ts';
import { fillPastDay } from './past-day.ts';
import { roleOf } from './page/look.ts';
import { servePage, type Page } from './page/serve.ts';
import { runSandbox, type RunningSandbox } from './run-sandbox.ts';
import { playStory } from './story.ts';

/** Slower than the real one mostly is, so that progress can be watched. */
const CLOUDFLARE_LATENCY_MS = 700;
const STOP_WITHIN_MS = 10_000;

const read = readOptions(process.argv.slice(2));
if (read.kind === 'help') console.log(usage);
else if (read.kind === 'wrong') fail(read.says);
else if (read.options.story) await tellStory(read.options);
else await openPage(read.options);

async function tellStory(options: Options): Promise<void> {
  try {
    const isTrue = await playStory(options, (line) => console.log(line));
    process.exit(isTrue ? 0 : 1);
  } catch (error) {
    fail(sentenceOf(error));
  }
}

async function openPage(options: Options): Promise<void> {
  let running: RunningSandbox | undefined;
  let page: Page | undefined;
  let isEnding = false;

  async function end(code: number): Promise<void> {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    try {
      if (code === 0) console.log('\nEnding the sandbox…');
      await page?.stop();
      await running?.stop();
      if (code === 0) console.log('All of it has ended.');
    } catch (error) {
      console.error(sentenceOf(error));
    }
    // Slack's socket can linger for seconds after it was closed.
    process.exit(code);
  }

  // A sandbox that is stopped while it starts has nothing to end but itself: what it started dies with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
  try {
    console.log('Starting the sandbox…');
    running = await runSandbox({ ...options, history: fillPastDay });
    running.sandbox.cloudflare.latency(CLOUDFLARE_LATENCY_MS);
    page = await servePage({ port: options.port, sandbox: running.sandbox });
    console.log(welcome(page.url, running, options));
  } catch (error) {
    console.error(isTaken(error) ? portTaken(options.port) : sentenceOf(error));
    await end(1);
  }
}

function welcome(url: string, { sandbox, redis }: RunningSandbox, { http, emailList }: Options): string {
  const users = [...sandbox.slack.workspace.users.values()].filter((user) => !user.isBot && !user.deleted);
  const people = users.map(
    (user) => `    ${user.realName.padEnd(16)} @${user.name.padEnd(6)} ${roleOf(sandbox, user)}`,
  );
  const how = http ? 'signed HTTP' : 'Socket Mode';
  const where = emailList ? 'people in a list of addresses' : 'people in the policy itself';
  return `
  The sandbox is running. Open  ${url}

  The people of Lantern Health; the page lets you be any of them:
${people.join('\n')}

  Five things to try:
    1. As Ben, type  /ocs-access add @ana  and fill in the form, serial C02XK0AZJG5J.
       Then be Cara and approve it, and be Ana and read what she is told.
    2. Type the serial number “To be filled by O.E.M.”, or press Approve as Ben.
    3. As Gus, a guest, type  /ocs-access help.
    4. Press  Stop cloudflared  on the right, be Cara and type  /ocs-access tunnel. Or wait:
       within two minutes an alert is in #ocs-ops.
    5. As Cara, type  /ocs-access logs access denied  to see who was turned away in the past day,
       and  /ocs-access logs digest today  for what she would read in the morning.

  Redis: ${redis}. Slack: ${how}. Cloudflare: ${where}.
  Nothing here reaches the internet, and nothing of it is kept.
  Ctrl-C ends all of it.
`;
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function portTaken(port: number): string {
  return `Port ${port} is taken, perhaps by another sandbox. End that one, or choose another port: npm run sandbox -- --port ${port + 1}`;
}

/** What people can mend comes as a sentence; a mistake of ours comes whole. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOurs = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return isOurs && !(error instanceof StartError) ? (error.stack ?? error.message) : error.message;
}

function fail(says: string): never {
  console.error(says);
  process.exit(1);
}
