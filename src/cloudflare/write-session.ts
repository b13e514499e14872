import { goDuration, readGoDuration } from '../core/duration.ts';
import { PermanentError } from '../core/errors.ts';
import type { SessionPlace, SessionWrite } from '../core/sessions.ts';
import type { PolicyRef } from '../core/snapshot.ts';
import { changeApplication } from './applications.ts';
import type { Account } from './client.ts';
import { endsSessions, putSessionCheck, readGatewayRule } from './gateway-rules.ts';
import { changeOrganization } from './organization.ts';
import { putPolicy, readPolicy } from './policies.ts';
import { isNotFound } from './translate-error.ts';

/**
 * Reads the thing whole and writes it back with another session length and nothing else changed; nothing at all if it
 * has that length. Throws PermanentError `session-place-gone` for a place that is not there any more.
 */
export async function writeSessionLength(account: Account, { place, ms }: SessionWrite): Promise<void> {
  try {
    await writeAt(account, place, ms);
  } catch (error) {
    throw isNotFound(error) ? gone(place) : error;
  }
}

async function writeAt(account: Account, place: SessionPlace, ms: number): Promise<void> {
  switch (place.kind) {
    case 'app':
      return changeApplication(account, place.id, (before) => changeOf('session_duration', before, ms));
    case 'policy':
      return writePolicyLength(account, place, ms);
    case 'warp-sign-in':
      return changeOrganization(account, (before) => changeOf('warp_auth_session_duration', before, ms));
    case 'warp-network':
      return writeRuleLength(account, place, ms);
  }
}

/** To the millisecond, so that whatever was set somewhere can be put back. */
function lengthOf(ms: number): string {
  return ms % 60_000 === 0 ? goDuration(ms) : `${ms / 1000}s`;
}

/** Undefined: it has that length already. */
function changeOf(
  key: string,
  before: Readonly<Record<string, unknown>>,
  ms: number,
): Record<string, string> | undefined {
  const length = before[key];
  return typeof length === 'string' && readGoDuration(length) === ms ? undefined : { [key]: lengthOf(ms) };
}

async function writePolicyLength(
  account: Account,
  place: SessionPlace & { readonly policy: PolicyRef },
  ms: number,
): Promise<void> {
  const file = await readPolicy(account, place.policy);
  if (file.raw['decision'] !== 'allow') throw gone(place);
  const change = changeOf('session_duration', file.raw, ms);
  if (change !== undefined) await putPolicy(account, file, change);
}

async function writeRuleLength(
  account: Account,
  place: SessionPlace & { readonly ruleId: string },
  ms: number,
): Promise<void> {
  const rule = await readGatewayRule(account, place.ruleId);
  if (!endsSessions(rule)) throw gone(place);
  const change = changeOf('duration', rule.rule_settings?.check_session ?? {}, ms);
  if (change === undefined) return;
  if (rule.read_only === true) throw ofAnotherAccount(rule.name ?? rule.id);
  await putSessionCheck(account, rule, lengthOf(ms));
}

const WHAT: Readonly<Record<SessionPlace['kind'], string>> = {
  app: 'The application is not there any more',
  policy: 'The policy is not there any more, or does not let anybody in',
  'warp-sign-in': 'The Zero Trust organisation is not there any more',
  'warp-network': 'The Gateway rule is not there any more, or does not end sessions any more',
};

function gone(place: SessionPlace): PermanentError {
  return new PermanentError(
    `${WHAT[place.kind]}, so its session length was not changed. Ask for the change again: the form shows what is there now.`,
    { code: 'session-place-gone' },
  );
}

function ofAnotherAccount(name: string): PermanentError {
  return new PermanentError(
    `The Gateway rule “${name}” comes from another Cloudflare account and can only be changed there.`,
    { code: 'session-place-read-only' },
  );
}
