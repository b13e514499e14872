import { inWords, type AccessRule, type RuleContext } from './access-rules.ts';
import type { WidePolicy } from './review.ts';
import { ruleContext, type Policy, type Snapshot } from './snapshot.ts';
import { waysIn } from './ways-in.ts';

/** Policies that let in people whom nobody can list: by a domain, a group of another service, or everyone. */
export function widePolicies(snapshot: Snapshot): WidePolicy[] {
  const context = ruleContext(snapshot);
  return waysIn(snapshot).flatMap(({ policy, opens }) => {
    const rules = wideRules(policy, context).map((rule) => inWords(rule, context.names));
    return rules.length === 0 ? [] : [{ name: policy.name, opens, rules: [...new Set(rules)] }];
  });
}

function wideRules({ include, require }: Policy, context: RuleContext): AccessRule[] {
  // Whoever comes in by any rule is also in that group or list, and everybody in those is known.
  const isNarrowed = require.some((rule) => rule.kind !== 'email' && isListable(rule, context));
  return isNarrowed ? [] : include.filter((rule) => !isListable(rule, context));
}

/** Whether everybody whom the rule matches is spelled out somewhere. */
function isListable(rule: AccessRule, context: RuleContext, seen: readonly string[] = []): boolean {
  if (rule.kind === 'email') return true;
  if (rule.kind === 'email-list') return context.emailLists.has(rule.listId);
  if (rule.kind !== 'group' || seen.includes(rule.groupId)) return false;
  const group = context.groups.get(rule.groupId);
  return group?.include.every((one) => isListable(one, context, [...seen, rule.groupId])) ?? false;
}
