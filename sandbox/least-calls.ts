import { routeOf, type RecordedCall } from './describe-call.ts';

/**
 * The least calls to Cloudflare with which something can be done safely, counted by hand. The story prints the bot's calls
 * beside them, and the bench measures against them: this is the one place where they are counted.
 *
 * "Safely" is the rule of the house: what an approver saw is planned from fresh facts; each resource is read again just
 * before it is written, because hours may lie between the request and its approval; and nothing is announced before it
 * was read back, because an answer can be lost and a write can be overtaken. Without that rule an addition would be three
 * writes and little else, and the policy would lose whatever somebody had changed in the meantime.
 */
export interface LeastCall {
  /** `ask`: once for the plan, before approval. `run`: when the approved plan is carried out. */
  readonly phase: 'ask' | 'run';
  /** As `routeOf` gives it. */
  readonly route: string;
  readonly why: string;
}

export interface LeastOptions {
  /** The application's policy keeps its people in a list of e-mail addresses. */
  readonly emailList?: boolean;
}

const list = 'gateway/lists/{id}';
const policies = 'access/apps/{id}/policies';
const policy = `${policies}/{id}`;

const plan: readonly LeastCall[] = [
  call('ask', 'GET access/apps', 'finds Open Chat Studio and the application for enrolment by what they are'),
  call('ask', 'GET access/policies', 'tells reusable policies from own ones, which are written at another address'),
  call('ask', 'GET devices/posture', 'finds the device check, and by it the list of serial numbers'),
  call('ask', 'GET access/organizations', 'gives the team name that the new colleague types into WARP'),
  call('ask', `GET ${policies}`, 'who may open the application, and whether the device check is required'),
  call('ask', `GET ${policies}`, 'who may connect a device'),
  call('ask', `GET ${list}`, 'whether the serial number is registered already, and to whom'),
];

const serial: readonly LeastCall[] = [
  call('run', `GET ${list}`, 'the serial number may have been registered since it was asked'),
  call('run', `PATCH ${list}`, 'registers it; the platform appends without touching other items'),
  call('run', `GET ${list}`, 'it is there: only then is it said to be'),
];

const enrolment: readonly LeastCall[] = [
  call('run', `GET ${policy}`, 'a PUT replaces all, so it starts from what the policy holds at that moment'),
  call('run', `PUT ${policy}`, 'lets the person connect a device'),
  call('run', `GET ${policy}`, 'the rule is there, and nobody else’s change was lost'),
];

const access: readonly LeastCall[] = [
  call('run', `GET ${policy}`, 'as above, for the policy of the application'),
  call('run', `PUT ${policy}`, 'lets the person open the application'),
  call('run', `GET ${policy}`, 'as above'),
];

const accessByList: readonly LeastCall[] = [
  call('run', `GET ${list}`, 'the address may have been added since it was asked'),
  call('run', `PATCH ${list}`, 'lets the person open the application, without rewriting the policy'),
  call('run', `GET ${list}`, 'it is there'),
];

/** For a person whom neither policy names yet, and a serial number that is new. However many people there are. */
export function leastCallsToAdd({ emailList = false }: LeastOptions = {}): readonly LeastCall[] {
  if (!emailList) return [...plan, ...serial, ...enrolment, ...access];
  const readList = call('ask', `GET ${list}`, 'whether the list of addresses names the person already');
  return [...plan, readList, ...serial, ...enrolment, ...accessByList];
}

const users = 'access/users';
const devices = 'devices/physical-devices';
const registrations = 'devices/registrations';

const strike: readonly LeastCall[] = [
  call('run', `GET ${list}`, 'a list refuses to lose what it does not hold, and it may have been taken out since'),
  call('run', `PATCH ${list}`, 'takes the serial number out; the platform leaves other items alone'),
  call('run', `GET ${list}`, 'it is gone'),
];

const removal: readonly LeastCall[] = [
  call('run', `GET ${devices}`, 'the device may be gone already'),
  call('run', `DELETE ${devices}/{id}`, 'takes the device away, and ends its registrations'),
];

const removed: readonly LeastCall[] = [
  call('run', `GET ${devices}`, 'it is gone'),
  call('run', `GET ${registrations}`, 'whether they ended is not promised, and only their own route tells'),
];

const losing: readonly LeastCall[] = [
  call('ask', 'GET access/apps', 'finds Open Chat Studio by what it is'),
  call('ask', 'GET devices/posture', 'finds the device check, and by it the list of serial numbers'),
  call('ask', `GET ${policies}`, 'whether the device check is required: if not, the person has to be barred'),
  call('ask', `GET ${list}`, 'how the serial number is spelt there, and whether it is there'),
  call('ask', `GET ${devices}`, 'whether the device is still there, with its serial number'),
  call('ask', `GET ${registrations}`, 'who else is on the device: their sessions have to end too'),
  call('ask', `GET ${users}`, 'the id by which sessions are read'),
  ...strike,
  ...removal,
  ...removed,
  call('run', 'POST access/organizations/revoke_user', 'ends the sessions; it needs no look, it is harmless to repeat'),
  call('run', `GET ${users}/{id}/active_sessions`, 'none is left'),
  call('run', 'GET access/logs/access_requests', 'who was at the door in the last 24 hours'),
  call('run', 'POST graphql', 'from which country: the log does not tell'),
];

/**
 * For a laptop that one person uses, whose serial number is registered, where every policy requires the device check.
 * Until the report is out; the looks into the log that follow minutes later are not counted.
 */
export function leastCallsToLose(): readonly LeastCall[] {
  return losing;
}

const revocation: readonly LeastCall[] = [
  call('ask', 'GET access/apps', 'finds Open Chat Studio and the application for enrolment by what they are'),
  call('ask', 'GET access/policies', 'where a policy is written, and which other applications share it'),
  call('ask', 'GET devices/posture', 'finds the device check, and by it the list of serial numbers'),
  call('ask', `GET ${policies}`, 'which rules let the person open the application'),
  call('ask', `GET ${policies}`, 'which rules let the person connect a device'),
  call('ask', `GET ${list}`, 'which serial numbers are theirs alone'),
  call('ask', `GET ${users}`, 'their seat, and the id by which sessions are read'),
  call('ask', `GET ${devices}`, 'their devices with the serial numbers, which registrations do not tell'),
  call('ask', `GET ${registrations}`, 'their registrations, also on devices that somebody else used last'),
];

const seat: readonly LeastCall[] = [
  call('run', `GET ${users}`, 'whether they have a seat'),
  call('run', 'PATCH access/seats', 'frees it'),
  call('run', `GET ${users}`, 'it is free'),
];

const proof: readonly LeastCall[] = [
  call('run', `GET ${policies}`, 'no rule lets the person open the application, those that nobody wrote included'),
  call('run', `GET ${policies}`, 'no rule lets the person connect a device'),
  call('run', `GET ${list}`, 'no serial number is theirs'),
  call('run', `GET ${devices}`, 'no device came back meanwhile'),
  call('run', `GET ${registrations}`, 'no registration is left'),
  call('run', `GET ${users}/{id}/active_sessions`, 'no session is left'),
];

const closedEnrolment: readonly LeastCall[] = [
  call('run', `GET ${policy}`, 'a PUT replaces all, so it starts from what the policy holds at that moment'),
  call('run', `PUT ${policy}`, 'the person can connect no device any more'),
  call('run', `GET ${policy}`, 'the rule is gone, and nobody else’s change was lost'),
];

const closedAccess: readonly LeastCall[] = [
  call('run', `GET ${policy}`, 'as above, for the policy of the application'),
  call('run', `PUT ${policy}`, 'the person can open the application no more'),
  call('run', `GET ${policy}`, 'as above'),
];

const closedAccessByList: readonly LeastCall[] = [
  call('run', `GET ${list}`, 'a list refuses to lose what it does not hold'),
  call('run', `PATCH ${list}`, 'takes the address out, without rewriting the policy'),
  call('run', `GET ${list}`, 'it is gone'),
];

/**
 * For a person whom both policies name, with one laptop that nobody else uses, its serial number, a session and a seat.
 * Rules and serial number are read back before anything is ended, lest it come back; all the rest is read back by the
 * proof, at one moment.
 */
export function leastCallsToRevoke({ emailList = false }: LeastOptions = {}): readonly LeastCall[] {
  const sessions = call(
    'run',
    'POST access/organizations/revoke_user',
    'ends the sessions, and what registrations are left',
  );
  const closed = [...closedEnrolment, ...(emailList ? closedAccessByList : closedAccess)];
  const run = [...closed, ...strike, ...removal, sessions, ...seat, ...proof];
  if (!emailList) return [...revocation, ...run];
  const readList = call('ask', `GET ${list}`, 'whether the list of addresses names the person');
  const proveList = call('run', `GET ${list}`, 'the list of addresses does not name the person');
  return [...revocation, readList, ...run, proveList];
}

export interface Compared {
  readonly route: string;
  readonly made: number;
  readonly least: number;
}

/** The calls that were made beside the least, route by route, in the order in which the routes first came. */
export function compareCalls(made: readonly RecordedCall[], least: readonly LeastCall[]): Compared[] {
  const madeRoutes = made.map(routeOf);
  const leastRoutes = least.map(({ route }) => route);
  return [...new Set([...madeRoutes, ...leastRoutes])].map((route) => ({
    route,
    made: count(madeRoutes, route),
    least: count(leastRoutes, route),
  }));
}

function count(routes: readonly string[], wanted: string): number {
  return routes.filter((route) => route === wanted).length;
}

function call(phase: LeastCall['phase'], route: string, why: string): LeastCall {
  return { phase, route, why };
}
