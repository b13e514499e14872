import { ids, teamName } from './seed-ids.ts';
import type { SeedOptions } from './seed-options.ts';
import type { Person } from './seed-people.ts';
import { moreRules, rule, seedBypass, seedNestedGroups } from './seed-rules.ts';
import { hexFor, uuidFor } from './state.ts';
import type { App, Policy, Rule, State } from './state.ts';

const day = 86_400_000;

function app(id: string, type: App['type'], name: string, domain: string, at: number): App {
  return {
    id,
    aud: hexFor(`aud ${id}`) + hexFor(`dua ${id}`),
    type,
    body: {
      name,
      domain,
      destinations: [{ type: 'private', hostname: domain, port_range: '443', l4_protocol: 'tcp' }],
      session_duration: '8h',
      allowed_idps: [],
      app_launcher_visible: true,
    },
    links: [],
    createdAt: at,
    updatedAt: at,
  };
}

function policy(id: string, appId: string | null, name: string, rules: Partial<Policy['body']>, at: number): Policy {
  const body = { name, decision: 'allow' as const, include: [], exclude: [], require: [], ...rules };
  return { id, appId, precedence: 1, body, createdAt: at, updatedAt: at };
}

/** The people one by one, or by the list that holds them. */
const admitting = ({ emailList = false }: SeedOptions, people: Person[]): Rule[] =>
  emailList ? [rule.emailList(ids.emailList)] : people.map(({ email }) => rule.email(email));

/** The application, a neighbour, the enrolment application, and their policies. */
export function seedApps(state: State, options: SeedOptions, people: Person[], now: number): void {
  const at = now - 180 * day;
  const require = (options.requirePosture ?? true) ? [rule.posture()] : [];
  const include = [...admitting(options, people), ...moreRules(options)];
  const main = app(ids.app, 'self_hosted', 'Open Chat Studio', 'ocs.lantern.internal', at);
  const wiki = app(ids.secondApp, 'self_hosted', 'Wiki', 'wiki.lantern.internal', at);
  const warp = app(ids.enrolmentApp, 'warp', 'Warp Login App', `${teamName}.cloudflareaccess.com/warp`, at);
  warp.body.destinations = [];
  const team = { include, require, purpose_justification_required: false };
  state.policies.set(ids.policy, policy(ids.policy, options.reusable ? null : ids.app, 'Team access', team, at));
  if (options.reusable) main.links.push({ policyId: ids.policy, precedence: 1 });
  if (options.reusable && options.appCount === 2) wiki.links.push({ policyId: ids.policy, precedence: 1 });
  else {
    const everyone = { include: [rule.group(ids.group)] };
    state.policies.set(ids.secondPolicy, policy(ids.secondPolicy, ids.secondApp, 'Wiki editors', everyone, at));
  }
  const domainRule: Rule[] = options.enrolmentDomain === true ? [rule.domain()] : [];
  const enrolment = { include: [...admitting({}, people), ...domainRule] };
  state.policies.set(ids.enrolmentPolicy, policy(ids.enrolmentPolicy, warp.id, 'Who may enrol', enrolment, at));
  for (const made of [wiki, main, warp]) state.apps.set(made.id, made);
  if (options.nestedGroups === true) seedNestedGroups(state, people, at);
  if (options.bypass === true) seedBypass(state, options.reusable ? null : ids.app, at);
  seedCandidates(state, options, at);
}

function seedCandidates(state: State, options: SeedOptions, at: number): void {
  for (let n = 1; n <= (options.candidateApps ?? 0); n++) {
    const id = uuidFor(`candidate app ${n}`);
    state.apps.set(
      id,
      app(id, 'self_hosted', `Open Chat Studio staging ${n}`, `ocs-staging-${n}.lantern.internal`, at),
    );
  }
  for (let n = 1; n <= (options.candidatePolicies ?? 0); n++) {
    const id = uuidFor(`candidate policy ${n}`);
    const rules = { include: [rule.email(`contractor.${n}@partner.example`)] };
    const owner = options.reusable ? null : ids.app;
    state.policies.set(id, { ...policy(id, owner, `Contractors ${n}`, rules, at), precedence: n + 1 });
    if (owner === null) state.apps.get(ids.app)?.links.push({ policyId: id, precedence: n + 1 });
  }
}
