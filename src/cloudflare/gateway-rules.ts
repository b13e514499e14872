import { z } from 'zod';
import { readGoDuration } from '../core/duration.ts';
import type { Sessions } from '../core/sessions.ts';
import { call } from './call.ts';
import type { Account } from './client.ts';
import { unexpectedAnswer, type Call } from './translate-error.ts';
import { writable } from './writable.ts';

/** Only the fields we use are named; all the others are kept, because a PUT has to send them back. */
const Rule = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  action: z.string().nullish(),
  enabled: z.boolean().nullish(),
  filters: z.array(z.string()).nullish(),
  precedence: z.number().nullish(),
  read_only: z.boolean().nullish(),
  deleted_at: z.string().nullish(),
  rule_settings: z
    .looseObject({
      check_session: z.looseObject({ enforce: z.boolean().nullish(), duration: z.string().nullish() }).nullish(),
    })
    .nullish(),
});
type GatewayRule = z.infer<typeof Rule>;

const listing: Call = { route: 'GET gateway/rules', does: 'read the Gateway rules', area: 'zeroTrust' };

/**
 * The rules that make people sign in to WARP again, in the order in which Gateway takes them. The route has no pages.
 * Throws PermanentError `cloudflare-unexpected-answer` for one whose length can't be read: without it the network session
 * would seem never to end.
 */
export async function readSessionRules(account: Account): Promise<Sessions['warpNetwork']> {
  const { client, accountId } = account;
  const rules = await call(account, listing, z.array(Rule).nullish(), (options) =>
    client.zeroTrust.gateway.rules.list({ account_id: accountId }, options),
  );
  return (rules ?? [])
    .filter(endsSessions)
    .toSorted((one, other) => (one.precedence ?? 0) - (other.precedence ?? 0))
    .map((rule) => {
      const ms = readGoDuration(rule.rule_settings?.check_session?.duration ?? '');
      if (ms === undefined) throw unexpectedAnswer(listing, 'field check_session.duration');
      return { ruleId: rule.id, name: rule.name ?? rule.id, ms };
    });
}

/** Only rules that allow traffic of the network or of HTTP can ask for a fresh session, and only while they are on. */
export function endsSessions({
  action,
  enabled,
  filters,
  deleted_at: deletedAt,
  rule_settings: settings,
}: GatewayRule) {
  const isOn = enabled === true && deletedAt == null;
  const mayEnforce = action === 'allow' && (filters ?? []).some((filter) => filter === 'l4' || filter === 'http');
  return isOn && mayEnforce && settings?.check_session?.enforce === true;
}

export function readGatewayRule(account: Account, id: string): Promise<GatewayRule> {
  const { client, accountId } = account;
  return call(
    account,
    { route: 'GET gateway/rules/:id', does: 'read a Gateway rule', area: 'zeroTrust' },
    Rule,
    (options) => client.zeroTrust.gateway.rules.get(id, { account_id: accountId }, options),
  );
}

const readOnly = new Set([
  'id',
  'created_at',
  'updated_at',
  'deleted_at',
  'version',
  'sharable',
  'source_account',
  'read_only',
  'warning_status',
]);

/** Writes the rule back whole with another length of its session, such as `8h`. Last writer wins: read just before. */
export async function putSessionCheck(account: Account, rule: GatewayRule, duration: string): Promise<void> {
  const { client, accountId } = account;
  const settings = { ...rule.rule_settings };
  const [owner, id] = [accountId, rule.id].map(encodeURIComponent);
  // Through the bare client: its typed methods know fewer keys than have to go back.
  await call(
    account,
    { route: 'PUT gateway/rules/:id', does: 'write a Gateway rule', area: 'zeroTrust' },
    z.unknown(),
    (options) =>
      client.put(`/accounts/${owner}/gateway/rules/${id}`, {
        ...options,
        body: {
          ...writable(rule, readOnly),
          rule_settings: { ...settings, check_session: { ...settings.check_session, duration } },
        },
      }),
  );
}
