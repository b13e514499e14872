import { badRequest, isObject } from './envelope.ts';
import { parseDuration } from './duration.ts';
import type { Quirks } from './quirks.ts';
import type { PolicyBody, Rule } from './state.ts';

const readOnly = ['id', 'uid', 'created_at', 'updated_at', 'app_count', 'reusable'];
const settings = [
  'session_duration',
  'approval_required',
  'approval_groups',
  'isolation_required',
  'purpose_justification_required',
  'purpose_justification_prompt',
  'mfa_config',
  'connection_rules',
];

/** The selectors of the API and, where it has one, the text key that a rule of that kind must carry. */
const selectors = new Map<string, string | null>([
  ['email', 'email'],
  ['email_list', 'id'],
  ['email_domain', 'domain'],
  ['group', 'id'],
  ['device_posture', 'integration_uid'],
  ['ip', 'ip'],
  ['ip_list', 'id'],
  ['login_method', 'id'],
  ['geo', 'country_code'],
  ['service_token', 'token_id'],
  ['everyone', null],
  ['any_valid_service_token', null],
  ['certificate', null],
  ['auth_method', 'auth_method'],
  ['auth_context', 'ac_id'],
  ['azureAD', 'id'],
  ['cloudflare_account_member', null],
  ['common_name', 'common_name'],
  ['external_evaluation', 'evaluate_url'],
  ['github-organization', 'name'],
  ['gsuite', 'email'],
  ['linked_app_token', 'app_uid'],
  ['oidc', 'claim_name'],
  ['okta', 'name'],
  ['saml', 'attribute_name'],
  ['user_risk_score', null],
]);

function parseRule(value: unknown, pointer: string): Rule {
  if (!isObject(value)) throw badRequest('a rule must be an object', pointer);
  const keys = Object.keys(value);
  const selector = keys[0];
  if (keys.length !== 1 || selector === undefined) throw badRequest('a rule must have exactly one selector', pointer);
  const needed = selectors.get(selector);
  if (needed === undefined) throw badRequest(`unknown selector ${selector}`, pointer);
  const content = value[selector];
  if (!isObject(content)) throw badRequest(`${selector} must be an object`, pointer);
  if (needed === null) return { [selector]: { ...content } };
  const text = content[needed];
  if (typeof text !== 'string' || text === '') throw badRequest(`${selector}.${needed} is required`, pointer);
  if (selector === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) throw badRequest('not an e-mail', pointer);
  return { [selector]: { ...content } };
}

/** Reads a list of rules; missing or null means none, and that is how a PUT loses its `require`. */
function parseRules(value: unknown, pointer: string): Rule[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badRequest('must be an array of rules', pointer);
  const rules = value.map((rule, index) => parseRule(rule, `${pointer}/${index}`));
  // A set on the platform's side: the same rule twice is one rule.
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

/** Refuses keys that only the platform may set. Whether the real one refuses or ignores them is not documented. */
export function refuseReadOnly(body: Record<string, unknown>, keys: readonly string[], quirks: Quirks): void {
  if (quirks.readOnlyKeys === 'ignore') return;
  const found = keys.filter((key) => key in body);
  if (found.length > 0) throw badRequest(`read-only: ${found.join(', ')}`, `/${found[0]}`);
}

function checkDuration(value: unknown): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'string' || parseDuration(value) === null) {
    throw badRequest('session_duration is not a duration', '/session_duration');
  }
}

/**
 * The body of a policy PUT or POST. It describes the whole policy: what is missing from it is gone afterwards.
 * Refuses (400) a missing `name`, `decision` or `include`, an empty `include`, read-only keys and too many rules.
 */
export function parsePolicyBody(body: Record<string, unknown>, quirks: Quirks): PolicyBody {
  refuseReadOnly(body, readOnly, quirks);
  const { name, decision } = body;
  if (typeof name !== 'string' || name === '') throw badRequest('name is required', '/name');
  if (decision !== 'allow' && decision !== 'deny' && decision !== 'non_identity' && decision !== 'bypass') {
    throw badRequest('decision is required', '/decision');
  }
  if (!('include' in body)) throw badRequest('include is required', '/include');
  const include = parseRules(body['include'], '/include');
  if (include.length === 0 && quirks.emptyInclude === 'refuse') {
    throw badRequest('include must not be empty', '/include');
  }
  const exclude = parseRules(body['exclude'], '/exclude');
  const require = parseRules(body['require'], '/require');
  if (include.length + exclude.length + require.length > quirks.ruleLimit) {
    throw badRequest(`a policy holds at most ${quirks.ruleLimit} rules`, '/include');
  }
  checkDuration(body['session_duration']);
  const rest = settings.filter((key) => body[key] !== undefined && body[key] !== null);
  return { name, decision, include, exclude, require, ...Object.fromEntries(rest.map((key) => [key, body[key]])) };
}
