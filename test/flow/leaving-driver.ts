import type { TestSandbox } from '../harness/use-sandbox.ts';
import { withoutTimes } from './onboarding-driver.ts';

/** What many tests of people who lose access begin with, and how they look at the end. */

export interface Insider {
  /** Short name in Slack. */
  readonly who: string;
  readonly name: string;
  readonly email: string;
  readonly serial: string;
}

export const BEN: Insider = {
  who: 'ben',
  name: 'Ben Okafor',
  email: 'ben.okafor@lanternhealth.example',
  serial: '5CG0917BEN',
};

/** Somebody who was let in by hand, has connected their laptop and is signed in. */
export function letIn({ cloudflare, clock }: TestSandbox, { name, email, serial }: Insider): void {
  const { account } = cloudflare;
  account.addPerson(email);
  account.addPerson(email, account.ids.enrolmentPolicy);
  account.addListItem(account.ids.serialList, serial, `${name} <${email}>`);
  if (!account.enrol(email, serial)) throw new Error(`${name} could not connect the laptop`);
  clock.forward(6 * 60_000); // The device check looks every five minutes.
  if (!account.login(email, serial)) throw new Error(`${name} could not sign in`);
}

/** Everything that could still bring somebody in, as the account has it; all of it empty or false for one who is out. */
export function tracesOf({ cloudflare }: TestSandbox, { email, serial }: Insider) {
  const { account } = cloudflare;
  return {
    isAdmitted: account.wouldAdmit(email, serial),
    canEnrol: account.couldEnrol(email),
    hasSession: account.hasSession(email),
    registrations: account.registrations(email),
    serialListed: account.serials().includes(serial),
  };
}

export const NO_TRACE = {
  isAdmitted: false,
  canEnrol: false,
  hasSession: false,
  registrations: 0,
  serialListed: false,
};

/** The newest message in a channel, with its thread, that says this. */
export async function channelSays({ slack }: TestSandbox, channel: string, words: RegExp): Promise<string> {
  const found = await slack.until(
    () => slack.messages(channel).findLast((message) => words.test(slack.text(message))),
    { what: `a message in ${channel} that says ${String(words)}`, timeoutMs: 15_000 },
  );
  return withoutTimes(slack.text(found));
}

/** The newest message at the top of a channel. */
export function newestIn({ slack }: Pick<TestSandbox, 'slack'>, channel: string) {
  const message = slack.messages(channel).at(-1);
  if (message === undefined) throw new Error(`nothing in ${channel} yet`);
  return message;
}
