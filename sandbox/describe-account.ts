import type { Account } from './cloudflare/account.ts';

/** Somebody of the workspace, as far as the door is concerned. */
export interface Visitor {
  readonly name: string;
  readonly email: string;
}

export interface AtTheDoor extends Visitor {
  readonly isNamed: boolean;
  readonly mayEnrol: boolean;
  /** Serial numbers registered for this person. */
  readonly devices: readonly string[];
  readonly getsIn: 'yes' | 'soon' | 'no';
  /** A session is open, whatever would be decided today. */
  readonly isInside: boolean;
  /** What speaks for or against it, without a capital letter. */
  readonly why: string;
}

/** What the account means for one person: worked out by the platform's own rules, not by the bot's. */
export function atTheDoor(account: Account, { name, email }: Visitor): AtTheDoor {
  const isNamed = account.emails().includes(email);
  const mayEnrol = account.couldEnrol(email);
  const devices = devicesOf(account, { name, email });
  const isAdmitted = devices.some((serial) => account.wouldAdmit(email, serial));
  const willBeAdmitted = devices.some((serial) => account.willAdmit(email, serial));
  const getsIn = !mayEnrol ? 'no' : isAdmitted ? 'yes' : willBeAdmitted ? 'soon' : 'no';
  const found = { isNamed, mayEnrol, devices, getsIn, isInside: account.hasSession(email) } as const;
  return { name, email, ...found, why: reason(found) };
}

/** By the address that the bot writes behind an item, or by the name that an administrator has written there. */
function devicesOf({ state, ids }: Account, { name, email }: Visitor): string[] {
  const items = state.lists.get(ids.serialList)?.items ?? [];
  return items
    .filter(({ description }) => description.includes(email) || description.startsWith(`${name},`))
    .map(({ value }) => value);
}

function reason({ isNamed, mayEnrol, devices, getsIn, isInside }: Omit<AtTheDoor, 'name' | 'email' | 'why'>): string {
  if (getsIn === 'yes') return `with ${devices.join(' or ')}`;
  if (getsIn === 'soon') return `with ${devices.join(' or ')}, once the device check has run (up to 5 minutes)`;
  const lacks = [
    ...(isNamed ? [] : ['no policy names them']),
    ...(mayEnrol ? [] : ['may not connect a device']),
    ...(devices.length > 0 ? [] : ['no computer registered']),
  ];
  const why = lacks.join(', ') || 'another rule keeps them out';
  return isInside ? `${why}, but a session is still open` : why;
}

const verdicts = { yes: 'gets in', soon: 'gets in soon', no: 'stays out' };

/** One sentence: `Ana Souza stays out: no policy names them.` */
export function sayAtTheDoor({ name, getsIn, why }: AtTheDoor): string {
  return `${name} ${verdicts[getsIn]}${getsIn === 'no' ? ':' : ''} ${why}.`;
}

/** How many people and computers the account lets in, in two lines or three. */
export function describeAccount(account: Account): string[] {
  const { state, ids } = account;
  const serials = account.serials();
  const enrolment = state.policies.get(ids.enrolmentPolicy);
  return [
    `${account.emails().length} people in the policy “${state.policies.get(ids.policy)?.body.name ?? 'none'}”`,
    `${account.emails(ids.enrolmentPolicy).length} people in “${enrolment?.body.name ?? 'none'}”, who may connect a device`,
    `${serials.length} serial numbers in the list “${state.lists.get(ids.serialList)?.name ?? 'none'}”, the newest ${serials.at(-1) ?? 'none'}`,
  ];
}
