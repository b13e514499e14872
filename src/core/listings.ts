import type { AccessRule } from './access-rules.ts';
import { isDoor, type AccessList, type ListItem, type Policy, type Snapshot } from './snapshot.ts';

/** Where an address is spelled out, as it stands there. */
export type Listing =
  | { readonly kind: 'policy'; readonly policy: Policy; readonly spelling: string }
  | { readonly kind: 'list'; readonly list: AccessList; readonly item: ListItem; readonly spelling: string }
  | { readonly kind: 'group'; readonly name: string; readonly spelling: string };

/** Every address that the application’s policies spell out for those whom they let in: themselves, or by lists and groups. */
export function listingsOf({
  policies,
  groups,
  emailLists,
}: Pick<Snapshot, 'policies' | 'groups' | 'emailLists'>): Listing[] {
  const doors = policies.filter(isDoor);
  const seen = new Set<string>();
  const follow = (rules: readonly AccessRule[]): Listing[] => rules.flatMap(reached);

  function reached(rule: AccessRule): Listing[] {
    const id = rule.kind === 'group' ? rule.groupId : rule.kind === 'email-list' ? rule.listId : undefined;
    if (id === undefined || seen.has(id)) return [];
    seen.add(id);
    const list = emailLists.find((one) => one.id === id);
    if (list !== undefined) return list.items.map((item) => ({ kind: 'list', list, item, spelling: item.value }));
    const group = groups.find((one) => one.id === id);
    if (group === undefined) return [];
    const own = spelledIn(group.include).map((spelling): Listing => ({ kind: 'group', name: group.name, spelling }));
    return [...own, ...follow(group.include)];
  }

  return doors.flatMap((policy) => [
    ...spelledIn(policy.include).map((spelling): Listing => ({ kind: 'policy', policy, spelling })),
    ...follow(policy.include),
  ]);
}

/** `the policy “Team”`, `the e-mail list “Colleagues”` */
export function placeOf(listing: Listing): string {
  if (listing.kind === 'policy') return `the policy “${listing.policy.name}”`;
  return listing.kind === 'list' ? `the e-mail list “${listing.list.name}”` : `the group “${listing.name}”`;
}

function spelledIn(rules: readonly AccessRule[]): string[] {
  return rules.flatMap((rule) => (rule.kind === 'email' ? [rule.email] : []));
}
