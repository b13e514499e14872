import { atTheDoor, describeAccount, sayAtTheDoor } from './describe-account.ts';
import { describeCall } from './describe-call.ts';
import { compareCalls, leastCallsToAdd } from './least-calls.ts';
import type { Options } from './options.ts';
import { runSandbox } from './run-sandbox.ts';
import type { Message } from './slack/snapshots.ts';
import type { Sandbox } from './start-sandbox.ts';
import { judgeStory, rememberAccount } from './story-verdict.ts';

const SERIAL = 'C02XK0AZJG5J';
const ROOM = 'ocs-approvals';
/** Slow enough for progress to be seen on the card. */
const CLOUDFLARE_LATENCY_MS = 700;
/** The device check looks every five minutes. */
const UNTIL_CHECKED_MS = 6 * 60_000;

/** What the bot does on its own, such as a look at the tunnels, is no part of the story. */
const QUIET = ['sweep', 'ends'] as const;

type Print = (line: string) => void;

/**
 * Plays the onboarding of a colleague and prints it as people see it. Resolves to whether the account really lets her
 * in afterwards; what is missing is printed.
 *
 * `OCS_STORY_FAULT` is for tests of the story itself: `refuse-writes` makes Cloudflare refuse to write policies,
 * `undo-afterwards` takes the laptop off the list when all is done.
 */
export async function playStory(options: Options, print: Print): Promise<boolean> {
  const fault = readFault(process.env['OCS_STORY_FAULT']);
  let aheadMs = 0;
  const running = await runSandbox({ ...options, rounds: QUIET, now: () => Date.now() + aheadMs });
  const { sandbox } = running;
  const { account } = sandbox.cloudflare;
  const before = rememberAccount(account);
  const stage = createStage(sandbox, print);
  if (fault === 'refuse-writes') sandbox.cloudflare.faults.add({ method: 'PUT', status: 403, times: Infinity });

  let broke: unknown;
  try {
    stage.account('Before');
    sandbox.cloudflare.clearCalls();
    await ask(sandbox, stage);
    const isDone = await decide(sandbox, stage);
    const calls = [...sandbox.cloudflare.calls];
    if (fault === 'undo-afterwards') account.removeListItem(account.ids.serialList, SERIAL);
    if (isDone) await arrive(sandbox, stage, () => void (aheadMs += UNTIL_CHECKED_MS));
    stage.account('After');
    printCalls(calls, options, sandbox, stage);
  } catch (error) {
    broke = error;
  }
  const ana = sandbox.slack.workspace.users.get(sandbox.slack.as('ana').id);
  const missing = judgeStory({ sandbox, before, name: 'Ana Souza', email: ana?.email ?? '', serial: SERIAL });
  const stopped = await running.stop().catch((error: unknown) => error);
  for (const error of [broke, stopped]) if (error instanceof Error) missing.push(error.message);

  stage.heading('Did the account really change?');
  if (missing.length === 0)
    print(`Yes: Ana Souza is let in with ${SERIAL} and with no other computer, and nobody else’s access changed.`);
  else for (const one of ['No. This is missing:', ...missing.map((what) => `  - ${what}`)]) print(one);
  return missing.length === 0;
}

function readFault(given: string | undefined): 'refuse-writes' | 'undo-afterwards' | undefined {
  if (given === undefined || given === '') return undefined;
  if (given === 'refuse-writes' || given === 'undo-afterwards') return given;
  throw new Error(`OCS_STORY_FAULT is “${given}”; it takes refuse-writes or undo-afterwards, and is for tests.`);
}

async function ask({ slack }: Sandbox, stage: Stage): Promise<void> {
  const ben = slack.as('ben');
  stage.heading(`Ben, a member, types in #${ROOM}`);
  const line = '/ocs-access add @ana';
  stage.line(line);
  await ben.types(line, { channel: ROOM });
  const form = await slack.until(() => (ben.view()?.submit === undefined ? undefined : ben.view()), {
    what: 'the form',
  });
  stage.says('A form opens', slack.text(form));

  stage.heading('He fills it in, with what the laptop says its serial number is');
  await ben.sets('device.platform', 'linux');
  await ben.sets('device.serial', 'To be filled by O.E.M.');
  await ben.sets('reason', 'Joins the field team on Monday');
  const refused = await ben.submits();
  stage.says('Under the field', Object.values(refused.errors ?? {}).join('\n') || '(nothing!)');

  stage.heading('He reads the label underneath the laptop, corrects it and sends the form');
  await ben.sets('device.serial', ` ${SERIAL.toLowerCase()} `);
  await ben.submits();
  await slack.until(() => slack.messages(ROOM).length > 0, { what: 'the card for the approvers', timeoutMs: 15_000 });
  const after = ben.view();
  if (after !== undefined) stage.says('The form becomes', slack.text(after));
  stage.says(`#${ROOM}, for everybody`, slack.text(cardOf(slack)));
}

/** Resolves to whether the bot says that it was done. */
async function decide({ slack, cloudflare }: Sandbox, stage: Stage): Promise<boolean> {
  const ben = slack.as('ben');
  stage.heading('Ben is in a hurry and presses Approve himself');
  await ben.clicks(cardOf(slack), 'Approve');
  const refusal = await slack.until(() => ben.ephemerals().at(-1), { what: 'the refusal' });
  stage.says('Only he sees', slack.text(refusal));

  stage.heading('Cara, an approver, presses Approve');
  cloudflare.latency(CLOUDFLARE_LATENCY_MS);
  const stopFollowing = stage.follow('The card, as it changes', () => progressOf(slack.text(cardOf(slack))));
  await slack.as('cara').clicks(cardOf(slack), 'Approve');
  const ending = await slack.until(() => /REQ-\d+ (is done|could not be done)/.exec(slack.text(cardOf(slack)))?.[1], {
    what: 'the outcome on the card',
    timeoutMs: 60_000,
  });
  stopFollowing();
  cloudflare.latency(0);
  stage.says(`#${ROOM}, in the end`, slack.text(cardOf(slack)));
  return ending === 'is done';
}

/** The headline and the steps with their marks. */
function progressOf(card: string): string {
  return card
    .split('\n')
    .filter((line) => /^(#|\[[ >x!]\])/.test(line))
    .join('\n');
}

async function arrive({ slack, cloudflare }: Sandbox, stage: Stage, waitForCheck: () => void): Promise<void> {
  const ana = slack.as('ana');
  stage.heading('Ana, the new colleague, gets a message');
  const welcome = await slack.until(() => slack.dms('ana').at(-1), { what: 'the message to Ana', timeoutMs: 15_000 });
  stage.says('Ana’s direct messages', slack.text(welcome));

  stage.heading('She follows it on her laptop, and some minutes later opens Open Chat Studio');
  const { email = '' } = slack.workspace.users.get(ana.id) ?? {};
  const isEnrolled = cloudflare.account.enrol(email, SERIAL, 'linux');
  waitForCheck();
  const isIn = isEnrolled && cloudflare.account.login(email, SERIAL);
  stage.line(isIn ? 'WARP says Connected, and the page opens.' : 'The door stays shut.');
  const word = isIn ? 'I’m in' : 'It doesn’t work';
  await ana.clicks(welcome, word);
  const told = await slack.until(() => slack.dms('ben').find((one) => /is in|can’t get in/.test(one.text)), {
    what: 'the news for Ben',
    timeoutMs: 15_000,
  });
  stage.says(`She presses “${word}”, and Ben reads`, slack.text(told));
  const audit = await slack.until(() => slack.messages('ocs-audit').at(-1), { what: 'the summary', timeoutMs: 15_000 });
  stage.says('#ocs-audit keeps', slack.text(audit));
}

function printCalls(calls: Sandbox['cloudflare']['calls'], options: Options, sandbox: Sandbox, stage: Stage): void {
  const least = leastCallsToAdd({ emailList: options.emailList });
  const rows = compareCalls(calls, least);
  const table = rows.map(({ route, made, least: needed }) => {
    const note =
      made === needed ? '' : made > needed ? `  ${made - needed} more than needed` : `  ${needed - made} fewer`;
    return `${String(made).padStart(4)} ${String(needed).padStart(6)}   ${route}${note}`;
  });
  stage.heading('The calls to Cloudflare, in order');
  for (const [index, call] of calls.entries()) {
    stage.line(
      `${String(index + 1).padStart(2)}. ${call.method.padEnd(5)} ${describeCall(call, sandbox.cloudflare.account)} (${call.status})`,
    );
  }
  stage.heading('The same calls beside the least that could do it safely, counted by hand');
  for (const row of [
    'made  least   route',
    ...table,
    `${String(calls.length).padStart(4)} ${String(least.length).padStart(6)}   altogether`,
  ]) {
    stage.line(row);
  }
}

type Stage = ReturnType<typeof createStage>;

/** Where the story is printed: what people do as headings, what they see indented below. */
function createStage({ slack, cloudflare }: Sandbox, print: Print) {
  let scenes = 0;
  const line = (text: string) => print(`   ${text}`);
  const says = (where: string, text: string): void => {
    line(`${where}:`);
    for (const one of text.split('\n')) line(`  │ ${one}`);
  };

  return {
    line,
    says,
    heading(text: string): void {
      scenes += 1;
      print(`\n${scenes}. ${text}`);
    },
    account(when: string): void {
      const { email = '' } = slack.workspace.users.get(slack.as('ana').id) ?? {};
      print(`\n${when}, in the Cloudflare account`);
      for (const one of describeAccount(cloudflare.account)) line(one);
      line(sayAtTheDoor(atTheDoor(cloudflare.account, { name: 'Ana Souza', email })));
    },
    /** Prints what is looked at each time it has changed. Returns the function that ends it. */
    follow(where: string, look: () => string): () => void {
      let last = look();
      return slack.workspace.changes.listen(() => {
        const now = look();
        if (now === last || now === '') return;
        last = now;
        says(where, now);
      });
    },
  };
}

function cardOf(slack: Sandbox['slack']): Message {
  const card = slack.messages(ROOM).findLast(({ isEphemeral }) => !isEphemeral);
  if (card === undefined) throw new Error('There is no card in the approvals channel.');
  return card;
}
