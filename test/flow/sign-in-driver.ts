import { expect } from 'vitest';
import type { TestSandbox } from '../harness/use-sandbox.ts';
import { newestSaid } from './answer-driver.ts';
import type { Insider } from './leaving-driver.ts';
import { passTime } from '../harness/pass-time.ts';
import { dmSays, withoutTimes } from './onboarding-driver.ts';

/** How people get help with a sign-in code, with the words on the screen. */

/** Whoever gets no code presses the button in the bot’s message to them, fills in why and sends it. */
export async function asksForReset(sandbox: TestSandbox, who: string): Promise<string> {
  const { slack } = sandbox;
  const person = slack.as(who);
  await dmSays(sandbox, who, /No sign-in code/);
  const help = slack.dms(who).findLast((message) => slack.text(message).includes('No sign-in code'));
  if (help === undefined) throw new Error(`${who} has no help yet`);
  await person.clicks(help, 'Still no code');
  const form = await formOf(sandbox, who);
  await person.sets('reason', 'No code arrives, and the spam folder is empty.');
  expect((await person.submits()).errors ?? {}).toEqual({});
  return form;
}

/** An approver presses *Reset* below the answer to `otp`, and sends the form. Resolves to the plan as it reads. */
export async function readsReset(sandbox: TestSandbox, by = 'cara', { readd = false } = {}): Promise<string> {
  const { slack } = sandbox;
  await slack.as(by).clicks(newestSaid(sandbox, by), 'Reset');
  await formOf(sandbox, by);
  if (readd) await slack.as(by).sets('readd', ['yes']);
  await slack.as(by).sets('reason', 'No code arrives');
  expect((await slack.as(by).submits()).errors ?? {}).toEqual({});
  return slack.until(
    () => {
      const view = slack.as(by).view();
      const text = view === undefined ? '' : slack.text(view);
      return /Nothing has been done yet/.test(text) ? withoutTimes(text) : undefined;
    },
    { what: 'the plan', timeoutMs: 20_000 },
  );
}

/** The plan is confirmed. */
export async function confirms({ slack }: TestSandbox, by = 'cara'): Promise<void> {
  expect((await slack.as(by).submits()).errors ?? {}).toEqual({});
}

/** The form that somebody has open, once it is there. */
export async function formOf({ slack }: TestSandbox, who: string): Promise<string> {
  const view = await slack.until(
    () => {
      const shown = slack.as(who).view();
      return shown?.submit === undefined ? undefined : shown;
    },
    { what: `the form of ${who}`, timeoutMs: 20_000 },
  );
  return slack.text(view);
}

/** A policy as the account keeps it; its rules are a set. */
export function policyAsSet({ cloudflare }: Pick<TestSandbox, 'cloudflare'>, policyId?: string) {
  const { state, ids } = cloudflare.account;
  const policy = state.policies.get(policyId ?? ids.policy);
  if (policy === undefined) throw new Error('There is no such policy.');
  const { include, exclude, require, ...settings } = policy.body;
  return { settings, include: sorted(include), exclude: sorted(exclude), require: sorted(require) };
}

function sorted(rules: readonly unknown[]): string[] {
  return rules.map((rule) => JSON.stringify(rule)).toSorted();
}

/** A list as the account keeps it: each entry with what is noted beside it. */
export function listAsSet({ cloudflare }: Pick<TestSandbox, 'cloudflare'>, listId?: string) {
  const { state, ids } = cloudflare.account;
  const items = state.lists.get(listId ?? ids.emailList)?.items ?? [];
  return items.map(({ value, description }) => `${value} · ${description}`).toSorted();
}

/** The writes that Cloudflare was asked for, in order: the method and the end of the path. */
export function writesIn({ cloudflare }: Pick<TestSandbox, 'cloudflare'>): string[] {
  return cloudflare.calls
    .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/graphql'))
    .map(({ method, path, status }) => `${method} ${path.split('/').slice(3).join('/')} ${status}`);
}

/** Somebody opens the app, from somewhere, and is turned away. */
export function isTurnedAway(
  { cloudflare }: Pick<TestSandbox, 'cloudflare'>,
  { email }: Pick<Insider, 'email'>,
  place: { readonly ip?: string; readonly country?: string } = {},
): void {
  const { account } = cloudflare;
  if (account.login(email, 'NOT-A-KNOWN-ONE', account.ids.app, place)) throw new Error(`${email} was let in`);
}

/** Lets one minute after the other pass until a message in a channel says this. */
export async function saysAfterMinutes(sandbox: TestSandbox, channel: string, words: RegExp): Promise<string> {
  const { slack } = sandbox;
  const found = () => slack.messages(channel).findLast((message) => words.test(slack.text(message)));
  for (let minutes = 0; minutes < 60 && found() === undefined; minutes += 1) {
    await passTime(sandbox, 60_000);
    await slack.until(found, { what: 'nothing', timeoutMs: 300 }).catch(() => undefined);
  }
  const message = found();
  if (message === undefined) throw new Error(`nothing in ${channel} says ${String(words)}`);
  return withoutTimes(slack.text(message));
}
