import { z } from 'zod';
import type { AccessRule, RuleSet } from '../core/access-rules.ts';

/** One rule as Cloudflare spells it: an object whose only key says which kind it is. */
export const RawRule = z.record(z.string(), z.unknown());
export type RawRule = z.infer<typeof RawRule>;

const rules = z
  .array(RawRule)
  .nullish()
  .transform((raw) => raw ?? []);

/** The three lists that policies and groups share. Absent and null mean none. */
export const RawRuleSet = z.object({ include: rules, exclude: rules, require: rules });

const text = z.string().min(1);
const Known = z.union([
  z.strictObject({ email: z.object({ email: text }) }),
  z.strictObject({ email_domain: z.object({ domain: text }) }),
  z.strictObject({ email_list: z.object({ id: text }) }),
  z.strictObject({ everyone: z.unknown() }),
  z.strictObject({ group: z.object({ id: text }) }),
  z.strictObject({ device_posture: z.object({ integration_uid: text }) }),
]);

/** Despite its key, `integration_uid` holds the id of the posture rule. */
export function readRule(raw: RawRule): AccessRule {
  const parsed = Known.safeParse(raw);
  if (!parsed.success) return { kind: 'other', name: readableName(raw) };
  const rule = parsed.data;
  if ('email' in rule) return { kind: 'email', email: rule.email.email };
  if ('email_domain' in rule) return { kind: 'email-domain', domain: rule.email_domain.domain };
  if ('email_list' in rule) return { kind: 'email-list', listId: rule.email_list.id };
  if ('group' in rule) return { kind: 'group', groupId: rule.group.id };
  if ('device_posture' in rule) return { kind: 'device-posture', ruleId: rule.device_posture.integration_uid };
  return { kind: 'everyone' };
}

/** In an order of ours: Cloudflare’s differs from answer to answer, and a plan that is made twice must be the same. */
export function readRules(raw: z.infer<typeof RawRuleSet>): RuleSet {
  return {
    include: sorted(raw.include),
    exclude: sorted(raw.exclude),
    require: sorted(raw.require),
  };
}

function sorted(raw: readonly RawRule[]): AccessRule[] {
  return raw
    .map(readRule)
    .map((rule) => ({ rule, key: JSON.stringify(rule) }))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ rule }) => rule);
}

const Titled = z.object({ name: text });

/** `any_valid_service_token` → `any valid service token`; a provider’s group with its name: `okta “Clinicians”`. */
function readableName(raw: RawRule): string {
  const names = Object.entries(raw).map(([kind, content]) => {
    const { data } = Titled.safeParse(content);
    return `${kind.replaceAll(/[_-]/g, ' ')}${data === undefined ? '' : ` “${data.name}”`}`;
  });
  return names.length === 0 ? 'unknown rule' : names.join(' and ');
}
