import { foldSerial } from './belongings.ts';
import { judgeEntry, type Bar, type Entry } from './entry.ts';
import type { Basis } from './digest/digest.ts';
import type { AccessRow } from './log-row.ts';
import { ownerOf } from './serial.ts';
import { requiresPosture, ruleContext, type AccessList, type Device, type Policy, type Snapshot } from './snapshot.ts';

interface DenialFacts {
  /** With the devices of the people in question, and the login methods. Undefined: the account could not be read. */
  readonly snapshot?: Snapshot | undefined;
}

export interface DenialReason {
  /** Begins with a capital, ends without a full stop: `No policy lets this address in now`. */
  readonly reason: string;
  /** What is so now, and said as that, is a fact, and so is what the row itself says; what follows from it is not. */
  readonly basis: Basis;
}

/** Reasons that are remembered: bounded, so that a flood of addresses takes no more memory. */
const REMEMBERED = 10_000;

/**
 * Why somebody was turned away, as far as the account tells now: the log itself gives no reason. In this order: the
 * policies, the device, the way to sign in, a rule that can’t be read; if none of them speaks against the person, the code.
 * Rows that are alike are judged once.
 */
export function denialExplainer({ snapshot }: DenialFacts): (row: AccessRow) => DenialReason {
  if (snapshot === undefined) return () => inference('Cloudflare does not say, and the policies could not be read');
  const judge = judgeOf(snapshot);
  const reasons = new Map<string, DenialReason>();
  return (row) => {
    const key = JSON.stringify([row.app, row.email, row.deviceId, row.withWarp, row.method]);
    const known = reasons.get(key);
    if (known !== undefined) return known;
    if (reasons.size >= REMEMBERED) reasons.clear();
    const reason = judge(row);
    reasons.set(key, reason);
    return reason;
  };
}

function judgeOf(snapshot: Snapshot): (row: AccessRow) => DenialReason {
  const context = ruleContext(snapshot);
  const findDevice = deviceFinder(snapshot.devices);
  return (row) => {
    const policies = policiesAt(row.app, snapshot);
    if (policies === undefined) return inference('Cloudflare does not say, and the policies there are not read');
    if (row.email === '') return inference('Nobody had given an address yet');
    const entry = judgeEntry(policies, row.email, context);
    return (
      byPolicies(entry) ??
      byDevice(row, { entry, snapshot, device: findDevice(row) }) ??
      byMethod(row, snapshot) ??
      byUnreadRule(entry) ??
      byCode(row)
    );
  };
}

/** For a line or a cell: what is only likely says so. */
export function reasonInWords({ reason, basis }: DenialReason): string {
  return basis === 'fact' ? reason : `${reason} (likely)`;
}

/** Finds the device of a sign-in: analytics name it by its own id or by that of its registration. */
export function deviceFinder(devices: readonly Device[]): (row: Pick<AccessRow, 'deviceId'>) => Device | undefined {
  const byRegistration = devices.flatMap((device) => device.registrations.map(({ id }) => [id, device] as const));
  const byId = new Map([...byRegistration, ...devices.map((device) => [device.id, device] as const)]);
  return ({ deviceId }) => (deviceId === undefined ? undefined : byId.get(deviceId));
}

function fact(reason: string): DenialReason {
  return { reason, basis: 'fact' };
}

function inference(reason: string): DenialReason {
  return { reason, basis: 'inference' };
}

/** Undefined: the row is about an application that nobody has read. */
function policiesAt(address: string, { app, policies, enrolment }: Snapshot): readonly Policy[] | undefined {
  const wanted = hostAndPath(address);
  if (wanted === hostAndPath(app.domain ?? '')) return policies;
  const isEnrolment =
    wanted === hostAndPath(enrolment?.app.domain ?? '') || wanted.endsWith('.cloudflareaccess.com/warp');
  return isEnrolment ? enrolment?.policies : undefined;
}

function hostAndPath(address: string): string {
  return address
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/\/$/, '');
}

function byPolicies({ verdict, admitting, barring }: Entry): DenialReason | undefined {
  const bars = barring.filter(({ isSure }) => isSure);
  const [bar] = bars;
  if (verdict === 'no') return fact(bar === undefined ? 'No policy lets this address in now' : barred(bar));
  const block = bars.find(({ by }) => by === 'block');
  const [way] = admitting;
  if (block === undefined || way === undefined) return undefined;
  return inference(`${barred(block)}, if it comes before the policy “${way.policy.name}”`);
}

function barred({ by, policy, because }: Bar): string {
  switch (by) {
    case 'block':
      return `The policy “${policy.name}” blocks this address now`;
    case 'exclude':
      return `An exception in the policy “${policy.name}” keeps this address out now`;
    case 'require':
      return `The policy “${policy.name}” demands more than this address has now: ${because}`;
  }
}

interface Signing {
  readonly entry: Entry;
  readonly snapshot: Snapshot;
  /** Undefined: not told, or not there any more. */
  readonly device: Device | undefined;
}

/** Only where every policy that lets the person in asks for a checked device. */
function byDevice(row: AccessRow, { entry: { admitting }, snapshot, device }: Signing): DenialReason | undefined {
  const sure = admitting.filter(({ verdict }) => verdict === 'yes');
  const policies = (sure.length > 0 ? sure : admitting).map(({ policy }) => policy);
  if (!policies.every(({ require }) => require.some(({ kind }) => kind === 'device-posture'))) return undefined;
  if (row.withWarp === false) return fact('WARP was off, so no device was checked');
  const { posture } = snapshot;
  const asksForSerial = posture !== undefined && policies.every((policy) => requiresPosture(policy, posture.ruleId));
  const ofSerial = asksForSerial ? bySerial(row, device, { list: posture.list, devices: snapshot.devices }) : undefined;
  if (ofSerial !== undefined) return ofSerial;
  const hasOtherCheck = policies.every(({ require }) =>
    require.some((rule) => rule.kind === 'device-posture' && rule.ruleId !== posture?.ruleId),
  );
  return hasOtherCheck ? inference('A device check that can’t be read from here') : undefined;
}

interface Known {
  readonly list: AccessList;
  readonly devices: readonly Device[];
}

function bySerial(row: AccessRow, device: Device | undefined, known: Known): DenialReason | undefined {
  if (device !== undefined) return ofDevice(device, known.list);
  if (row.deviceId !== undefined) return inference('The device has no registration any more');
  if (row.withWarp === true) return inference('WARP was on, but no device was sent');
  return hasKnownOne(row.email, known)
    ? undefined
    : inference(`None of their computers is in the list “${known.list.name}” now`);
}

function hasKnownOne(email: string, { list, devices }: Known): boolean {
  return (
    list.items.some(({ description }) => ownerOf(description) === email) ||
    devices.some(({ emails, serial }) => emails.includes(email) && serial !== undefined && holds(list, serial))
  );
}

function holds({ items }: AccessList, serial: string): boolean {
  const wanted = foldSerial(serial);
  return items.some(({ value }) => foldSerial(value) === wanted);
}

function ofDevice({ name, serial, registrations }: Device, list: AccessList): DenialReason | undefined {
  if (serial === undefined) return fact(`The device “${name}” reports no serial number`);
  if (!holds(list, serial)) return fact(`The serial number ${serial} is not in the list “${list.name}” now`);
  return registrations.some(({ isActive }) => isActive)
    ? undefined
    : fact(`The device “${name}” has no registration now`);
}

function byMethod({ method }: AccessRow, { loginMethods }: Snapshot): DenialReason | undefined {
  if (method === undefined || loginMethods === undefined) return undefined;
  const isOffered = loginMethods.some((one) => [one.id, one.type, one.name].includes(method));
  return isOffered ? undefined : fact(`The sign-in page does not offer “${method}” now`);
}

function byUnreadRule({ admitting }: Entry): DenialReason | undefined {
  const [way] = admitting;
  if (way === undefined || way.verdict === 'yes') return undefined;
  return inference(`The policy “${way.policy.name}” depends on ${way.because}`);
}

function byCode({ method }: AccessRow): DenialReason {
  return method === undefined || method === 'onetimepin'
    ? inference('A code that was wrong or not entered')
    : inference(`The sign-in with “${method}” was not finished`);
}
