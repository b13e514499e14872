import type { AccessList, Policy, Snapshot, SnapshotScope } from '../core/snapshot.ts';
import { readRules } from './access-rules.ts';
import { readAppTunnels } from './app-tunnels.ts';
import { asApplication, readApplications, type App } from './applications.ts';
import type { Account } from './client.ts';
import {
  findAllowPolicy,
  findApplication,
  findEmailList,
  findEnrolmentApplication,
  findSerialRule,
  named,
  noAllowPolicy,
  noSerialList,
  type Deciders,
  type Undecided,
} from './discover.ts';
import { findDevices } from './find-devices.ts';
import { readSessionRules } from './gateway-rules.ts';
import { readLoginMethods } from './identity-providers.ts';
import { readExports } from './logpush-jobs.ts';
import { readOrganization } from './organization.ts';
import { readAppPolicies, readReusablePolicies } from './policies.ts';
import { readSerialRules, type SerialRule } from './posture-rules.ts';
import { createReferences, type References } from './references.ts';
import { shapeSessions } from './sessions.ts';
import { includedLists, shapePolicies, withListFirst } from './shape-policies.ts';
import { readUsers } from './users.ts';

/**
 * Reads everything that planning needs in two waves of parallel calls, however many people there are.
 *
 * First wave, 4 calls: applications, reusable policies, posture rules, organisation.
 * Second wave, 3 calls: the policies of the application and of the enrolment application, the list of serial numbers; and
 * one more for each e-mail list and one for all groups, where a policy refers to one. So 7 calls where policies name their
 * people, 8 with one e-mail list.
 *
 * Which lists and groups belong into the second wave is told by the copies of the policies that the applications bring
 * along. The policies' own routes have the last word: what those refer to beyond that costs a third wave.
 *
 * What a scope asks for beside the rules is read in the same two waves. In the first, for each of up to 10 people: one
 * call for the user, and two for the devices. In the first as well, for devices by id: one call for 50 of them, and one
 * for the registrations of each. In the second, only for devices that the first wave did not show whole: one call for 50
 * of those that are not known yet, and one for the registrations of each that others may use too. For more people, or
 * all, users and devices and registrations of the whole account, page by page beside the two waves.
 *
 * Session lengths and login methods cost one call each in the first wave. The tunnels cost three calls in the first wave and
 * one for each that was found in the second. The exports of logs cost one call, and one for each dataset whose fields are
 * asked for, all in the first wave.
 */
export async function takeSnapshot(account: Account, deciders: Deciders, scope: SnapshotScope = {}): Promise<Snapshot> {
  const takenAt = account.clock.now();
  const apps = readApplications(account);
  const [rules, tunnels, loginMethods, exports, users, theirDevices, namedDevices] = await Promise.all([
    readAllRules(account, deciders, scope, apps),
    scope.tunnels === true ? readAppTunnels(account, deciders, apps) : undefined,
    scope.loginMethods === true ? readLoginMethods(account, deciders, apps) : undefined,
    scope.exports === undefined ? undefined : readExports(account, scope.exports),
    readUsers(account, scope.users ?? []),
    findDevices(account, { of: scope.devicesOf ?? [] }),
    findDevices(account, { ids: scope.devices ?? [] }),
  ]);
  const devices = [...new Map([...theirDevices, ...namedDevices].map((device) => [device.id, device])).values()];
  const more = { ...(tunnels && { tunnels }), ...(loginMethods && { loginMethods }), ...(exports && { exports }) };
  return { takenAt, ...rules, ...more, users, devices };
}

async function readAllRules(
  account: Account,
  deciders: Deciders,
  scope: SnapshotScope,
  reading: Promise<App[]>,
): Promise<Omit<Snapshot, 'takenAt' | 'users' | 'devices'>> {
  const undecided: Undecided = scope.undecided ?? 'refuse';
  const [apps, reusable, serialRules, organization, warpNetwork] = await Promise.all([
    reading,
    readReusablePolicies(account),
    readSerialRules(account),
    readOrganization(account),
    scope.sessions === true ? readSessionRules(account) : undefined,
  ]);
  const app = findApplication(apps, deciders.app);
  const enrolmentApp = findEnrolmentApplication(apps);

  const references = createReferences(account);
  references.readAhead([...app.expanded, ...(enrolmentApp?.expanded ?? [])].map(readRules), likelyLists(serialRules));
  const policiesOf = async (owner: App) => {
    const raw = await readAppPolicies(account, owner.id);
    return { raw, policies: shapePolicies(raw, owner, { apps, reusable }) };
  };
  const [{ raw, policies }, enrolling] = await Promise.all([
    policiesOf(app),
    enrolmentApp === undefined ? undefined : policiesOf(enrolmentApp),
  ]);
  const enrolmentPolicies = enrolling?.policies ?? [];

  const allow = findAllowPolicy(policies, app, { variable: 'ACCESS_POLICY', decider: deciders.policy, undecided });
  if (allow === undefined) throw noAllowPolicy(app);
  const [{ groups, emailLists }, posture] = await Promise.all([
    references.of([...policies, ...enrolmentPolicies]),
    readPosture(references, findSerialRule(serialRules, allow, deciders.postureRule)),
  ]);
  const list = findEmailList(includedLists(allow, emailLists), allow.name, { decider: deciders.emailList, undecided });
  const chosen = withListFirst(allow, list);
  const enrolment =
    enrolmentApp &&
    chooseEnrolment(enrolmentApp, enrolmentPolicies, { emailLists, deciders, undecided, listOfApp: list });
  return {
    teamName: organization.teamName,
    app: asApplication(app),
    allow: chosen,
    policies: replaced(policies, allow, chosen),
    enrolment,
    posture,
    emailLists,
    groups,
    ...(warpNetwork && { sessions: shapeSessions({ app, raw, policies, organization, warpNetwork }) }),
  };
}

/** With a single rule there is nothing to choose, so its list can be read while the policies are. */
function likelyLists(rules: readonly SerialRule[]): string[] {
  return rules.length === 1 ? rules.flatMap((rule) => rule.listId ?? []) : [];
}

async function readPosture(references: References, rule: SerialRule | undefined): Promise<Snapshot['posture']> {
  if (rule === undefined) return undefined;
  const list = rule.listId === undefined ? undefined : await references.list(rule.listId);
  if (list === undefined) throw noSerialList(rule);
  return { ruleId: rule.id, name: rule.name, list };
}

interface EnrolmentFacts {
  readonly emailLists: readonly AccessList[];
  readonly deciders: Deciders;
  readonly undecided: Undecided;
  readonly listOfApp: AccessList | undefined;
}

function chooseEnrolment(
  app: App,
  policies: readonly Policy[],
  { emailLists, deciders, undecided, listOfApp }: EnrolmentFacts,
): Snapshot['enrolment'] {
  const { enrolmentPolicy: decider } = deciders;
  const allow = findAllowPolicy(policies, app, { variable: 'ENROLMENT_POLICY', decider, undecided });
  if (allow === undefined) return { app: asApplication(app), policies, allow };
  // EMAIL_LIST is about the application first; here it counts if it fits, and so does the application's own list.
  const lists = includedLists(allow, emailLists);
  const fitting = [deciders.emailList, listOfApp?.id].find((one) => one !== undefined && named(lists, one).length > 0);
  const chosen = withListFirst(allow, findEmailList(lists, allow.name, { decider: fitting, undecided }));
  return { app: asApplication(app), policies: replaced(policies, allow, chosen), allow: chosen };
}

function replaced(policies: readonly Policy[], before: Policy, after: Policy): Policy[] {
  return policies.map((policy) => (policy === before ? after : policy));
}
