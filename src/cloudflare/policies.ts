import { z } from 'zod';
import { foldAddress } from '../core/address.ts';
import { PermanentError } from '../core/errors.ts';
import type { PolicyEdit, PolicyOnFile } from '../core/ports.ts';
import type { PolicyRef } from '../core/snapshot.ts';
import { RawRule, RawRuleSet, readRule, readRules } from './access-rules.ts';
import { call, callPages } from './call.ts';
import type { Account } from './client.ts';
import { writable } from './writable.ts';

const PER_PAGE = 1000;

/** Only the fields we use are named; all the others are kept, because a PUT has to send them back. */
export const RawPolicy = z.looseObject({
  id: z.string(),
  name: z.string(),
  decision: z.enum(['allow', 'deny', 'bypass', 'non_identity']),
  ...RawRuleSet.shape,
  app_count: z.number().nullish(),
});
export type RawPolicy = z.infer<typeof RawPolicy>;

/** The policies of one application, those that it shares with others included, and not told apart. */
export function readAppPolicies(account: Account, appId: string): Promise<RawPolicy[]> {
  const { client, accountId } = account;
  return callPages(
    account,
    { route: 'GET access/apps/:id/policies', does: 'read the policies of an application', area: 'policies' },
    RawPolicy,
    PER_PAGE,
    (query, options) =>
      client.zeroTrust.access.applications.policies.list(appId, { account_id: accountId, ...query }, options),
  );
}

/** The reusable policies of the account: whichever is among them is no application's own. */
export function readReusablePolicies(account: Account): Promise<RawPolicy[]> {
  const { client, accountId } = account;
  return callPages(
    account,
    { route: 'GET access/policies', does: 'read the reusable policies', area: 'policies' },
    RawPolicy,
    PER_PAGE,
    (query, options) => client.zeroTrust.access.policies.list({ account_id: accountId, ...query }, options),
  );
}

/** One policy with everything that has to go back when it is written. */
export async function readPolicy(account: Account, ref: PolicyRef): Promise<PolicyOnFile> {
  const { client, accountId } = account;
  const policy = await call(
    account,
    { route: `GET ${routeOf(ref)}`, does: 'read a policy', area: 'policies' },
    RawPolicy,
    (options) => client.get(pathOf(accountId, ref), options),
  );
  return { ref, name: policy.name, raw: policy, ...readRules(policy) };
}

/** Keys that belong to Cloudflare. Sent back, they may be refused. */
const readOnly = ['id', 'uid', 'created_at', 'updated_at', 'app_count', 'reusable'];
const readOnlyIn = {
  app: new Set(readOnly),
  // A reusable policy has its place in each application's list, not in itself.
  reusable: new Set([...readOnly, 'precedence']),
};

/**
 * Writes the policy back whole, with some e-mail rules more or less in one part: a PUT replaces everything, and a
 * `require` left out would silently end the posture requirement. Addresses are compared without regard to case. Writes
 * nothing if there is nothing to change. Throws PermanentError `would-empty-policy` rather than leaving a policy without
 * an include rule.
 */
export async function writePolicy(account: Account, file: PolicyOnFile, edit: PolicyEdit): Promise<void> {
  const before = z.array(RawRule).parse(file.raw[edit.part] ?? []);
  const rules = editRules(before, edit);
  if (rules.length === before.length) return;
  if (edit.part === 'include' && rules.length === 0) throw wouldEmpty(file.name);
  await putPolicy(account, file, { [edit.part]: rules });
}

/** Writes the policy back as it was read, but for some keys. */
export async function putPolicy(
  account: Account,
  file: PolicyOnFile,
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { client, accountId } = account;
  // Through the bare client: its typed methods know fewer keys than have to go back.
  await call(
    account,
    { route: `PUT ${routeOf(file.ref)}`, does: 'write a policy', area: 'policies' },
    z.unknown(),
    (options) =>
      client.put(pathOf(accountId, file.ref), {
        ...options,
        body: { ...writable(file.raw, readOnlyIn[file.ref.kind]), ...changes },
      }),
  );
}

function editRules(rules: readonly RawRule[], { emails, present }: PolicyEdit): RawRule[] {
  const meant = new Set(emails.map(foldAddress));
  if (!present) return rules.filter((rule) => !meant.has(addressIn(rule) ?? ''));
  const there = new Set(rules.map(addressIn));
  const missing = [...meant].filter((email) => !there.has(email));
  return [...rules, ...missing.map((email) => ({ email: { email } }))];
}

/** Folded. Undefined: not a rule about one address. */
function addressIn(rule: RawRule): string | undefined {
  const read = readRule(rule);
  return read.kind === 'email' ? foldAddress(read.email) : undefined;
}

function wouldEmpty(name: string): PermanentError {
  return new PermanentError(
    `That is the last rule that lets anybody in by the policy “${name}”, and Cloudflare does not say what a policy without one does. Add another rule first, or delete the policy in the dashboard: Zero Trust → Access controls → Policies.`,
    { code: 'would-empty-policy' },
  );
}

function routeOf(ref: PolicyRef): string {
  return ref.kind === 'reusable' ? 'access/policies/:id' : 'access/apps/:id/policies/:id';
}

function pathOf(accountId: string, ref: PolicyRef): string {
  const [account, id] = [accountId, ref.id].map(encodeURIComponent);
  if (ref.kind === 'reusable') return `/accounts/${account}/access/policies/${id}`;
  return `/accounts/${account}/access/apps/${encodeURIComponent(ref.appId)}/policies/${id}`;
}
