import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { lanternHealth } from '../../../sandbox/slack/seed.ts';
import { startSandbox } from '../../../sandbox/start-sandbox.ts';
import { openAction } from '../../../src/slack/ids.ts';
import { ROOT } from '../build.ts';
import { startNode, type Child } from '../child.ts';
import type { Bench, Row } from '../row.ts';
import { inTurns, percentile, ratiosOf } from '../spread.ts';

const AT_ONCE = 100;
const CONNECTIONS = 2;
const CHANNEL = 'general';
const APPS = join(ROOT, 'test/bench/apps');

export const ack: Row = {
  name: 'ack',
  about: `acknowledging, the slowest but one of ${AT_ONCE} people at once (p99)`,
  aim: 1.3,
  runs: 11,
  needsBuild: true,
  async measure(bench) {
    const crowds = { command: bench.runs + 1, button: bench.runs + 1 };
    const people = AT_ONCE * (crowds.command + crowds.button);
    const ours = await startApp(bench, people, { program: ['our-house.mjs', 'bot'], opensForm: true });
    const bare = await startApp(bench, people, { program: ['bare-bolt.mjs'], opensForm: false });
    try {
      const commands = await inTurns(
        bench.runs,
        () => ours.commands(),
        () => bare.commands(),
      );
      const buttons = await inTurns(
        bench.runs,
        () => ours.presses(),
        () => bare.presses(),
      );
      return [
        { what: 'a slash command', taken: commands },
        { what: 'a button', taken: buttons },
      ].map(({ what, taken }) => ({
        against: `a bare Bolt app that only acknowledges: ${what}`,
        ratios: ratiosOf(taken.ours, taken.theirs),
        figures: [
          { what: 'ocs-access, p99', unit: 'ms', values: taken.ours },
          { what: 'bare Bolt, p99', unit: 'ms', values: taken.theirs },
        ],
      }));
    } finally {
      await ours.stop();
      await bare.stop();
    }
  },
};

interface App {
  /** Milliseconds: p99 of a crowd that types a command, everybody for the first time. */
  commands(): Promise<number>;
  presses(): Promise<number>;
  stop(): Promise<void>;
}

interface Contender {
  /** In `apps/`, with its arguments. */
  readonly program: readonly string[];
  /** What is pressed or typed ends in a form; otherwise in nothing. */
  readonly opensForm: boolean;
}

/** A workspace with made-up members and one app, a process of its own. */
async function startApp(bench: Bench, people: number, { program, opensForm }: Contender): Promise<App> {
  const crowd = Array.from({ length: people }, (_nobody, index) => memberOf(index));
  const sandbox = await startSandbox({
    redisUrl: bench.redis.url,
    prefix: bench.newPrefix(),
    parts: [],
    env: { SOCKET_CONNECTIONS: String(CONNECTIONS), LOG_LEVEL: 'error' },
    slack: {
      seed: {
        people: [...lanternHealth.people, ...crowd],
        channels: lanternHealth.channels.map((channel) =>
          channel.name === CHANNEL
            ? { ...channel, members: [...channel.members, ...crowd.map(({ short }) => short)], hasBot: true }
            : channel,
        ),
      },
    },
  });
  const { slack } = sandbox;
  const [script = '', ...args] = program;
  let child: Child | undefined;

  /** The next people who have done nothing yet. */
  function gather() {
    return crowd.splice(0, AT_ONCE).map(({ short }) => slack.as(short));
  }

  async function p99(act: (member: ReturnType<typeof gather>[number]) => ReturnType<typeof member.types>) {
    const members = gather();
    const outcomes = await Promise.all(members.map(act));
    const missed = outcomes.filter(({ acked }) => !acked).length;
    if (missed > 0) throw new Error(`${missed} of ${members.length} were not acknowledged in time`);
    // What the app does after it has acknowledged must not disturb the next crowd.
    await slack.until(() => !opensForm || members.every((member) => member.view()?.submit !== undefined), {
      what: 'everybody to have their form',
      timeoutMs: 30_000,
    });
    return percentile(
      outcomes.map(({ ackMs }) => ackMs),
      0.99,
    );
  }

  async function stop(): Promise<void> {
    await child?.stop();
    await sandbox.stop();
  }

  try {
    child = await startNode([join(APPS, script), ...args], { env: sandbox.env });
    await child.says(/ready/);
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    await client.chat.postMessage({ channel: channelId(), text: 'Add a colleague', blocks: [buttonBlock()] });
    const message = slack.messages(CHANNEL).at(-1);
    if (message === undefined) throw new Error('the message with the button is not there');
    return {
      commands: () => p99((member) => member.types('/ocs-access add')),
      presses: () => p99((member) => member.clicks(message, openAction('add'))),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function channelId(): string {
  return lanternHealth.channels.find(({ name }) => name === CHANNEL)?.id ?? '';
}

function buttonBlock() {
  const text = { type: 'plain_text' as const, text: 'Add a colleague' };
  return { type: 'actions' as const, elements: [{ type: 'button' as const, text, action_id: openAction('add') }] };
}

function memberOf(index: number) {
  const number = String(index).padStart(5, '0');
  return {
    short: `member${number}`,
    id: `U05CROWD${number}`,
    realName: `Member ${number}`,
    email: `member${number}@lanternhealth.example`,
    tz: 'Europe/London',
    role: 'member' as const,
  };
}
