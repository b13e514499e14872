import { ids, mailDomain } from './seed-ids.ts';
import type { SeedOptions } from './seed-options.ts';
import type { Person } from './seed-people.ts';
import { uuidFor } from './state.ts';
import type { Rule, State } from './state.ts';

/** Access rules as the API spells them. */
export const rule = {
  email: (email: string): Rule => ({ email: { email } }),
  domain: (domain: string = mailDomain): Rule => ({ email_domain: { domain } }),
  emailList: (id: string): Rule => ({ email_list: { id } }),
  group: (id: string): Rule => ({ group: { id } }),
  everyone: (): Rule => ({ everyone: {} }),
  posture: (id: string = ids.postureRule): Rule => ({ device_posture: { integration_uid: id } }),
  /** Groups that only the identity provider knows: the platform matches them, nobody else can. */
  github: (name: string): Rule => ({ 'github-organization': { name, identity_provider_id: uuidFor('idp github') } }),
  okta: (name: string): Rule => ({ okta: { name, identity_provider_id: uuidFor('idp okta') } }),
  azure: (id: string): Rule => ({ azureAD: { id, identity_provider_id: uuidFor('idp azure') } }),
};

/** What the Allow policy includes beside its people. */
export function moreRules(options: SeedOptions): Rule[] {
  return [
    ...(options.accessDomain === true ? [rule.domain()] : []),
    ...(options.nestedGroups === true ? [rule.group(ids.outerGroup)] : []),
    ...(options.providerGroups === true ? [rule.github('lantern-health'), rule.okta('Clinicians')] : []),
  ];
}

export function seedNestedGroups(state: State, people: readonly Person[], at: number): void {
  const times = { createdAt: at, updatedAt: at };
  const members = ['nested@partner.example', ...people.slice(0, 1).map(({ email }) => email)];
  const inner = { id: ids.innerGroup, name: 'Field team', include: members.map(rule.email), exclude: [], require: [] };
  const outer = {
    id: ids.outerGroup,
    name: 'Field and office',
    include: [rule.group(inner.id)],
    exclude: [],
    require: [],
  };
  for (const group of [inner, outer]) state.groups.set(group.id, { ...group, ...times });
}

/** Lets everybody in, wherever it stands among the policies. `appId`: null for a reusable one, to be linked. */
export function seedBypass(state: State, appId: string | null, at: number): void {
  const body = { name: 'Open door', decision: 'bypass' as const, include: [rule.everyone()], exclude: [], require: [] };
  const times = { createdAt: at, updatedAt: at };
  state.policies.set(ids.bypassPolicy, { id: ids.bypassPolicy, appId, precedence: 100, body, ...times });
  if (appId === null) state.apps.get(ids.app)?.links.push({ policyId: ids.bypassPolicy, precedence: 100 });
}
