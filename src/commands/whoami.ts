import type { AccessEvent } from '../core/access-event.ts';
import { judgeEntry, type Entry } from '../core/entry.ts';
import { UserError } from '../core/errors.ts';
import { enrolledDevicesOf } from '../core/insiders.ts';
import type { Actor } from '../core/person.ts';
import type { Request } from '../core/request.ts';
import { appSessionOf, type Sessions } from '../core/sessions.ts';
import { ruleContext, type Policy, type Snapshot } from '../core/snapshot.ts';
import { whoamiMessage, type SignInLength, type Whoami } from '../slack/whoami-message.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { identify } from './identify.ts';
import { isOneself } from './otp-subject.ts';
import { gapIn, readInTime, valueIn } from './read-in-time.ts';
import { asPerson } from './read-words.ts';

const DAY = 24 * 60 * 60 * 1000;

/** `/ocs-access whoami`: what access somebody has, until when, with which devices. About themselves only. */
export async function whoami(desk: Desk, call: Call): Promise<void> {
  const { actor } = await identify(desk, call);
  refuseOthers(call, actor);
  const email = actor.email?.toLowerCase();
  if (email === undefined) {
    throw new UserError(
      'Slack shows me no e-mail address of yours, so I can’t tell who you are here. Put one into your Slack profile, or ask an approver.',
      { code: 'no-address' },
    );
  }
  await call.reply(whoamiMessage(await readWhoami(desk, actor, email)));
}

/** Words after the command may name whoever asks, and nobody else. */
function refuseOthers({ value }: Call, actor: Actor): void {
  const [, ...named] = value.split(/\s+/).filter((one) => one !== '');
  const isOwn = named.map(asPerson).every((person) => person !== undefined && isOneself(person, actor));
  if (isOwn) return;
  throw new UserError(
    'This shows your own access only: type `/ocs-access whoami` alone. Approvers check the sign-in of others with `/ocs-access otp @ana`.',
    { code: 'not-oneself' },
  );
}

async function readWhoami(
  { cloudflare, stays, store, clock, ...desk }: Desk,
  actor: Actor,
  email: string,
): Promise<Whoami> {
  const scope = { users: [email], devicesOf: [email], sessions: true, undecided: 'first' } as const;
  const [account, log, stay, unfinished] = await Promise.all([
    readInTime(cloudflare.snapshot(scope), 'Cloudflare', desk),
    readInTime(cloudflare.accessEvents({ email, since: clock.now() - DAY }), 'Cloudflare', desk),
    readInTime(stays.stayOf(email), 'Our own store', desk),
    readInTime(store.unfinished(), 'Our own store', desk),
  ]);
  const snapshot = valueIn(account);
  const lastSignIn = lastOf(snapshot, valueIn(log), email);
  return {
    email,
    ...(snapshot === undefined ? UNREAD : fromAccount(snapshot, email)),
    endsAt: 'value' in stay ? (stay.value?.endsAt ?? 'never') : undefined,
    lastSignIn,
    requests: valueIn(unfinished)?.filter((request) => concerns(request, actor, email)),
    gaps: [
      ...gapIn(account, 'Your access and your devices'),
      ...(lastSignIn === undefined ? gapIn(log, 'When you last signed in') : []),
      ...gapIn(stay, 'Until when your access lasts'),
      ...gapIn(unfinished, 'Your open requests'),
    ],
  };
}

type FromAccount = Pick<Whoami, 'access' | 'needsDevice' | 'devices' | 'signIn'>;

const UNREAD: FromAccount = { access: undefined, needsDevice: false, devices: undefined, signIn: undefined };

function fromAccount(snapshot: Snapshot, email: string): FromAccount {
  const entry = judgeEntry(snapshot.policies, email, ruleContext(snapshot));
  const policy = entry.admitting[0]?.policy;
  return {
    access: { verdict: entry.verdict, says: accessOf(entry, snapshot.app.name) },
    needsDevice: policy?.require.some(({ kind }) => kind === 'device-posture') ?? false,
    devices: devicesOf(snapshot, email),
    signIn: snapshot.sessions && lengthOf(snapshot.sessions, policy),
  };
}

function accessOf({ verdict, admitting, barring }: Entry, app: string): string {
  const [best] = admitting;
  const [bar] = barring.filter(({ isSure }) => isSure);
  if (verdict === 'no' || best === undefined) {
    const none = `No policy of ${app} lets you in.`;
    if (bar === undefined) return none;
    return bar.by === 'block'
      ? `The policy “${bar.policy.name}” blocks you.`
      : `The policy “${bar.policy.name}” would let you in, but ${bar.because} in it keeps you out. An approver can tell you why.`;
  }
  if (verdict === 'yes') return `The policy “${best.policy.name}” of ${app} lets you in.`;
  if (bar?.by === 'block') {
    return `The policy “${best.policy.name}” lets you in and the policy “${bar.policy.name}” blocks you. An approver can see which comes first.`;
  }
  return `The policy “${best.policy.name}” may let you in: that depends on ${best.because}. An approver can look it up.`;
}

function devicesOf(snapshot: Snapshot, email: string): Whoami['devices'] {
  const seen = new Map(snapshot.devices.map(({ id, lastSeenAt }) => [id, lastSeenAt]));
  return enrolledDevicesOf(snapshot, email).map((device) => ({ device, lastSeenAt: seen.get(device.id ?? '') }));
}

/** Undefined where one of the two that would know could not be read and the other knows of none. */
function lastOf(
  snapshot: Snapshot | undefined,
  events: readonly AccessEvent[] | undefined,
  email: string,
): Whoami['lastSignIn'] {
  const moments = [
    ...(snapshot?.users ?? []).flatMap((user) => (user.email === email ? (user.lastLoginAt ?? []) : [])),
    ...(events ?? []).flatMap(({ allowed, at }) => (allowed ? [at] : [])),
  ];
  if (moments.length > 0) return Math.max(...moments);
  return snapshot === undefined || events === undefined ? undefined : 'none';
}

/** By the policy that lets them in, where it is known: its own length wins over the application’s. */
function lengthOf(sessions: Sessions, policy: Policy | undefined): SignInLength {
  const { app, policies, warpSignIn, warpNetwork } = sessions;
  const networkMs = warpNetwork.length === 0 ? undefined : Math.min(...warpNetwork.map(({ ms }) => ms));
  if (warpSignIn.isUsed) return { by: 'warp', ms: warpSignIn.ms, networkMs };
  const own = policies.find(({ ref }) => ref.id === policy?.ref.id);
  return { by: 'code', ms: own === undefined ? appSessionOf(sessions) : (own.ms ?? app.ms), networkMs };
}

/** Asked by them, or to give them something. */
function concerns({ requester, beneficiaries }: Request, { slackId }: Actor, email: string): boolean {
  const isTheirs = (person: Request['beneficiaries'][number]): boolean =>
    person.slackId === slackId || person.email === email;
  return requester.slackId === slackId || beneficiaries.some(isTheirs);
}
