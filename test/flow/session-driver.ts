import { expect } from 'vitest';
import type { SessionPlace as PlaceInSandbox } from '../../sandbox/cloudflare/session-lengths.ts';
import { gapsIn } from '../../src/core/sessions.ts';
import type { TestSandbox } from '../harness/use-sandbox.ts';
import { channelSays } from './leaving-driver.ts';
import { cardOf, cardSays, withoutTimes } from './onboarding-driver.ts';
import { formOf } from './sign-in-driver.ts';
import { viewSays } from './tunnel-driver.ts';

/** How approvers change session lengths, with the words on the screen. */

/** As typed into the form. */
export interface Lengths {
  readonly app?: string;
  readonly warpSignIn?: string;
  readonly warpNetwork?: string;
}

const HOUR_MS = 60 * 60 * 1000;
const REASON = 'The on-call team works in shifts of 12 hours.';

/** Cara types the command, with words after it or none. Resolves to the form as it reads. */
export async function opensSession(sandbox: TestSandbox, words = '', by = 'cara'): Promise<string> {
  await sandbox.slack.as(by).types(`/ocs-access session ${words}`.trim());
  return withoutTimes(await formOf(sandbox, by));
}

/** What the form says above its fields, and what is in them. */
export function partsOf(form: string): { readonly intro: string; readonly fields: string } {
  const at = form.indexOf('App session (optional)');
  return { intro: form.slice(0, at), fields: form.slice(at) };
}

/** Fills the open form in and sends it. Resolves to what Slack marks beside its fields. */
export async function sends(
  { slack }: TestSandbox,
  lengths: Lengths,
  { by = 'cara', reason = REASON }: { readonly by?: string; readonly reason?: string } = {},
): Promise<Readonly<Record<string, string>>> {
  const person = slack.as(by);
  for (const [field, typed] of Object.entries(lengths)) await person.sets(field, typed);
  await person.sets('reason', reason);
  return (await person.submits()).errors ?? {};
}

/** Opens the form, fills it in and sends it; resolves to the card. */
export async function asksFor(sandbox: TestSandbox, lengths: Lengths, by = 'cara'): Promise<string> {
  await opensSession(sandbox, '', by);
  expect(await sends(sandbox, lengths, { by })).toEqual({});
  return cardSays(sandbox, /waiting for approval/);
}

/** Dina presses *Approve*, and the request ends. Resolves to the summary in the audit channel. */
export async function approves(sandbox: TestSandbox, outcome = /REQ-\d+ (is done|failed)/): Promise<string> {
  await sandbox.slack.as('dina').clicks(cardOf(sandbox), 'Approve');
  return channelSays(sandbox, 'ocs-audit', outcome);
}

/**
 * Sends the form and is refused at a field. Resolves to the label of the field and the sentence, whether Slack marks the
 * field or, on a slow machine, the form says it below the field.
 */
export async function refused(sandbox: TestSandbox, lengths: Lengths): Promise<string> {
  const marked = Object.entries(await sends(sandbox, lengths));
  if (marked.length > 0) return marked.map(([field, says]) => `${LABELS[field] ?? field}: ${says}`).join(' | ');
  const lines = (await viewSays(sandbox, 'cara', /⚠️/)).split('\n');
  const at = lines.findIndex((line) => line.startsWith('⚠️'));
  const label = lines.slice(0, at).findLast((line) => Object.values(LABELS).some((one) => line.startsWith(one)));
  const offered = lines[at + 1]?.startsWith('[') === true ? ` ${lines[at + 1]}` : '';
  return `${label?.split(' (optional)')[0]}: ${lines[at]?.slice('⚠️ '.length)}${offered}`;
}

const LABELS: Readonly<Record<string, string>> = {
  app: 'App session',
  warpSignIn: 'WARP sign-in session',
  warpNetwork: 'WARP network session',
};

/** Hours of each length, as the account has them: `app 8, policy –, sign-in 24, network 24`. */
export function lengthsIn({ cloudflare }: Pick<TestSandbox, 'cloudflare'>): string {
  return inWords(cloudflare.account.sessionLengths());
}

/** The same after each write, beginning with the seed. */
export function historyOf({ cloudflare }: Pick<TestSandbox, 'cloudflare'>): string[] {
  return cloudflare.account.sessionHistory().map(({ by, lengths }) => `${by}: ${inWords(lengths)}`);
}

type InSandbox = ReturnType<TestSandbox['cloudflare']['account']['sessionLengths']>;

function hours(ms: number | undefined): string {
  return ms === undefined ? '–' : String(ms / HOUR_MS);
}

function inWords({ app, policies, warpSignIn, warpNetwork }: InSandbox): string {
  return [
    `app ${hours(app.ms)}`,
    ...policies.map(({ ms }) => `policy ${hours(ms)}`),
    `sign-in ${hours(warpSignIn.ms)}`,
    ...warpNetwork.map(({ ms }) => `network ${hours(ms)}`),
  ].join(', ');
}

/** Moments at which a WARP session was shorter than the app’s, whoever was at fault. */
export function brokenMoments({ cloudflare }: Pick<TestSandbox, 'cloudflare'>): string[] {
  return cloudflare.account
    .sessionHistory()
    .filter(({ lengths }) => gapsIn(lengths).length > 0)
    .map(({ by, lengths }) => `${by}: ${inWords(lengths)}`);
}

/** Everything that session lengths stand beside, without the lengths: what no change may touch. */
export function besidesLengths({ cloudflare }: Pick<TestSandbox, 'cloudflare'>): unknown {
  const { state } = cloudflare.account;
  const { warp_auth_session_duration: _sign, ...organization } = state.organization;
  return structuredClone({
    organization,
    apps: [...state.apps.values()].map(({ id, body, links }) => ({ id, body: withoutLength(body), links })),
    policies: [...state.policies.values()].map(({ id, appId, precedence, body }) => {
      const { include, exclude, require, ...settings } = body;
      return {
        id,
        appId,
        precedence,
        settings: withoutLength(settings),
        rules: [include, exclude, require].map(asSet),
      };
    }),
    rules: [...state.gatewayRules.values()].map(({ id, body: { rule_settings: settings, ...body } }) => {
      const { check_session: check, ...others } = settings;
      return { id, body, others, isEnforced: check !== undefined };
    }),
  });
}

function withoutLength({ session_duration: _own, ...rest }: Record<string, unknown>) {
  return rest;
}

/** Rules of a policy have no order. */
function asSet(rules: readonly unknown[]): string[] {
  return rules.map((rule) => JSON.stringify(rule)).toSorted();
}

export function places({ cloudflare }: Pick<TestSandbox, 'cloudflare'>) {
  const { ids } = cloudflare.account;
  return {
    app: { kind: 'app', id: ids.app },
    policy: { kind: 'policy', policy: { id: ids.policy } },
    signIn: { kind: 'warp-sign-in' },
    network: { kind: 'warp-network', ruleId: ids.gatewayRule },
  } satisfies Record<string, PlaceInSandbox>;
}

/** Somebody sets a length in the dashboard. */
export function setsInDashboard(
  { cloudflare }: Pick<TestSandbox, 'cloudflare'>,
  place: keyof ReturnType<typeof places>,
  length: string | null,
): void {
  cloudflare.account.setSession(places({ cloudflare })[place], length);
}
