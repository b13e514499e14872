import { formatDuration, parseDuration } from '../duration.ts';
import { ApiError, codes, isObject, objectBody, ok, stamp, whole } from '../envelope.ts';
import { refuseReadOnly } from '../policy-body.ts';
import { rememberLengths } from '../session-lengths.ts';
import type { GatewayRule, GatewayRuleBody } from '../state.ts';
import type { Router, World } from './world.ts';

const readOnly = [
  'id',
  'created_at',
  'updated_at',
  'deleted_at',
  'version',
  'sharable',
  'source_account',
  'read_only',
  'warning_status',
];

const actions = new Set<unknown>(
  [
    'on off allow block scan noscan safesearch ytrestricted isolate noisolate',
    'override l4_override egress resolve quarantine redirect',
  ].flatMap((names) => names.split(' ')),
);
const layers = new Set<unknown>(['http', 'dns', 'l4', 'egress', 'dns_resolver']);

const refused = (message: string): ApiError => new ApiError(400, codes.listRefused, message);

/** As the API shows a rule: with the keys that only the platform sets among the others, and null for what is not set. */
function showRule({ id, version, isReadOnly, body, createdAt, updatedAt }: GatewayRule): Record<string, unknown> {
  return {
    id,
    ...body,
    schedule: body['schedule'] ?? null,
    expiration: body['expiration'] ?? null,
    version,
    read_only: isReadOnly,
    sharable: false,
    warning_status: null,
    created_at: stamp(createdAt),
    updated_at: stamp(updatedAt),
    deleted_at: null,
  };
}

function text(sent: Record<string, unknown>, key: string): string {
  const value = sent[key] ?? '';
  if (typeof value !== 'string') throw refused(`${key} must be a text`);
  return value;
}

/** `300s` becomes `5m0s`. */
function parseCheck(sent: unknown, mayEnforce: boolean): Record<string, unknown> {
  if (!isObject(sent)) throw refused('check_session must be an object');
  if (!mayEnforce) throw refused('check_session is for l4 and http rules that allow');
  const { enforce = false, duration } = sent;
  if (typeof enforce !== 'boolean') throw refused('check_session.enforce must be a boolean');
  const ms = typeof duration === 'string' ? parseDuration(duration) : null;
  if (ms === null) throw refused('check_session.duration is not a duration');
  return { enforce, duration: formatDuration(ms) };
}

function parseSettings(sent: unknown, mayEnforce: boolean): Record<string, unknown> {
  if (sent === undefined || sent === null) return {};
  if (!isObject(sent)) throw refused('rule_settings must be an object');
  const { check_session: check, ...rest } = sent;
  return check === undefined || check === null ? rest : { ...rest, check_session: parseCheck(check, mayEnforce) };
}

/** What a rule does, and on which layer. */
function parseKind(sent: Record<string, unknown>): { action: string; layer: string } {
  const { action, filters = ['dns'] } = sent;
  if (typeof action !== 'string' || !actions.has(action)) throw refused('action is required');
  if (!Array.isArray(filters) || filters.length !== 1 || !layers.has(filters[0])) throw refused('unknown filter');
  return { action, layer: String(filters[0]) };
}

/**
 * The body of a PUT describes the whole rule. What is left out falls back to the platform's default, and for most keys
 * that means the rule is no longer what it was: off, about all traffic, without its settings. Which layer a rule without
 * `filters` is about is not documented; `dns` is the one that loses a session check.
 */
function parseRule(sent: Record<string, unknown>, last: number): GatewayRuleBody {
  const { name, enabled = false, precedence = last + 1000 } = sent;
  if (typeof name !== 'string' || name === '') throw refused('name is required');
  if (typeof enabled !== 'boolean') throw refused('enabled must be a boolean');
  if (typeof precedence !== 'number' || !Number.isInteger(precedence)) throw refused('precedence must be an integer');
  const { action, layer } = parseKind(sent);
  const optional = ['schedule', 'expiration'].filter((key) => isObject(sent[key]));
  return {
    name,
    action,
    description: text(sent, 'description'),
    enabled,
    filters: [layer],
    precedence,
    traffic: text(sent, 'traffic'),
    identity: text(sent, 'identity'),
    device_posture: text(sent, 'device_posture'),
    rule_settings: parseSettings(sent['rule_settings'], action === 'allow' && (layer === 'l4' || layer === 'http')),
    ...Object.fromEntries(optional.map((key) => [key, sent[key]])),
  };
}

export function routeGatewayRules(account: Router, { state, quirks, now }: World): void {
  const ruleOf = (id: string): GatewayRule => {
    const rule = state.gatewayRules.get(id);
    if (rule === undefined) throw new ApiError(404, codes.listNotFound, 'rule not found');
    return rule;
  };

  account.get('/gateway/rules', (c) => {
    const rows = [...state.gatewayRules.values()].map(showRule);
    return ok(c, rows, whole(rows));
  });
  account.get('/gateway/rules/:id', (c) => ok(c, showRule(ruleOf(c.req.param('id')))));
  account.put('/gateway/rules/:id', async (c) => {
    const sent = await objectBody(c);
    const rule = ruleOf(c.req.param('id'));
    if (rule.isReadOnly) throw refused('the rule belongs to another account');
    refuseReadOnly(sent, readOnly, quirks);
    rule.body = parseRule(sent, Math.max(...[...state.gatewayRules.values()].map(({ body }) => body.precedence)));
    rule.version += 1;
    rule.updatedAt = now();
    rememberLengths(state, 'api', now());
    return ok(c, showRule(rule));
  });
}
