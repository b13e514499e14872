import type { AccessList, Policy } from '../core/snapshot.ts';
import { readRules } from './access-rules.ts';
import type { App } from './applications.ts';
import type { RawPolicy } from './policies.ts';

/** The policies of one application, told apart by the list of reusable ones: the answers themselves do not say. */
export function shapePolicies(
  raw: readonly RawPolicy[],
  owner: App,
  account: { readonly apps: readonly App[]; readonly reusable: readonly RawPolicy[] },
): Policy[] {
  const reusable = new Map(account.reusable.map((policy) => [policy.id, policy]));
  return raw.map((policy) => {
    const original = reusable.get(policy.id);
    return {
      ref:
        original === undefined ? { kind: 'app', appId: owner.id, id: policy.id } : { kind: 'reusable', id: policy.id },
      name: policy.name,
      decision: policy.decision,
      sharedWith: original === undefined ? [] : otherUsers(original, owner, account.apps),
      ...readRules(policy),
    };
  });
}

/** By name where the applications tell, and counted where the policy knows of more. */
function otherUsers(policy: RawPolicy, owner: App, apps: readonly App[]): string[] {
  const names = apps
    .filter((app) => app.id !== owner.id && app.attached.includes(policy.id))
    .map((app) => app.name)
    .toSorted();
  const unnamed = (policy.app_count ?? 0) - 1 - names.length;
  if (unnamed <= 0) return names;
  const more = names.length === 0 ? '' : 'more ';
  return [...names, `${unnamed} ${more}other application${unnamed === 1 ? '' : 's'}`.replace('more other', 'more')];
}

/** The policy with the rule for this list in front: plans take the first list of `include`, whose order means nothing else. */
export function withListFirst(policy: Policy, list: AccessList | undefined): Policy {
  if (list === undefined) return policy;
  const isChosen = (rule: Policy['include'][number]): boolean => rule.kind === 'email-list' && rule.listId === list.id;
  const include = [...policy.include.filter(isChosen), ...policy.include.filter((rule) => !isChosen(rule))];
  return { ...policy, include };
}

/** The lists that the policy includes, as far as they exist. */
export function includedLists(policy: Policy, emailLists: readonly AccessList[]): AccessList[] {
  const ids = new Set(policy.include.flatMap((rule) => (rule.kind === 'email-list' ? [rule.listId] : [])));
  return emailLists.filter((list) => ids.has(list.id));
}
