import { routeOf, type RecordedCall } from './describe-call.ts';

/**
 * The least calls to Cloudflare with which one person can be added safely, counted by hand. The story prints the bot's
 * calls beside them, and the bench measures against them: this is the one place where they are counted.
 *
 * "Safely" is the rule of the house: what an approver saw is planned from fresh facts; each resource is read again just
 * before it is written, because hours may lie between the request and its approval; and nothing is announced before it
 * was read back, because an answer can be lost and a write can be overtaken. Without that rule there would be three
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
