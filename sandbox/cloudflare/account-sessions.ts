import { readLengths, rememberLengths } from './session-lengths.ts';
import type { SessionChange, SessionLengths, SessionPlace } from './session-lengths.ts';
import type { App, GatewayRule, Policy, State } from './state.ts';

interface Parts {
  state: State;
  now: () => number;
  newId: (what: string) => string;
  app: (id?: string) => App;
  policy: (id?: string) => Policy;
  gatewayRule: (id?: string) => GatewayRule;
}

const plain = () => ({
  action: 'allow',
  description: '',
  enabled: true,
  filters: ['l4'],
  traffic: 'net.dst.port == 8000',
  identity: '',
  device_posture: '',
  rule_settings: {},
});

function put(body: Record<string, unknown>, key: string, value: unknown): void {
  if (value === null) delete body[key];
  else body[key] = value;
}

/** The session lengths as the account has them, and as somebody sets them in the dashboard. */
export function createAccountSessions({ state, now, newId, app, policy, gatewayRule }: Parts) {
  function write(place: SessionPlace, length: string | null): void {
    if (place.kind === 'warp-sign-in') return put(state.organization, 'warp_auth_session_duration', length);
    if (place.kind === 'app') return put(app(place.id).body, 'session_duration', length);
    if (place.kind === 'policy') return put(policy(place.policy.id).body, 'session_duration', length);
    const check = length === null ? null : { enforce: true, duration: length };
    put(gatewayRule(place.ruleId).body.rule_settings, 'check_session', check);
  }

  return {
    sessionLengths: (appId?: string): SessionLengths => {
      const lengths = readLengths(state, appId);
      if (lengths === undefined) throw new Error('the sandbox account has no such application');
      return lengths;
    },
    /** Every write that changed a length, in order, with all lengths after it; the first entry is the seed. */
    sessionHistory: (): readonly SessionChange[] => state.sessionHistory,
    /** Somebody sets a length in the dashboard, such as `12h`, or takes it away with null. */
    setSession: (place: SessionPlace, length: string | null): void => {
      write(place, length);
      rememberLengths(state, 'dashboard', now());
    },
    /** Changes a Gateway rule in place, as a save in the dashboard would. */
    editGatewayRule: (id: string, edit: (body: GatewayRule['body']) => void): void => {
      const found = gatewayRule(id);
      edit(found.body);
      found.version += 1;
      found.updatedAt = now();
      rememberLengths(state, 'dashboard', now());
    },
    /** Adds an allow rule on the network, last of all, changed by `body`; gives its id. */
    addGatewayRule: (name: string, body: Partial<GatewayRule['body']> = {}): string => {
      const id = newId('gateway rule');
      const whole = { name, ...plain(), precedence: 2000 + state.gatewayRules.size, ...body };
      const times = { createdAt: now(), updatedAt: now() };
      state.gatewayRules.set(id, { id, version: 1, isReadOnly: false, body: whole, ...times });
      rememberLengths(state, 'dashboard', now());
      return id;
    },
    removeGatewayRule: (id: string): void => {
      state.gatewayRules.delete(id);
      rememberLengths(state, 'dashboard', now());
    },
  };
}
