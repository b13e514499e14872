import { ids, teamName } from './seed-ids.ts';
import type { SeedOptions } from './seed-options.ts';
import { emailOf } from './seed-people.ts';
import { uuidFor } from './state.ts';
import type { GatewayRule, State } from './state.ts';

const day = 86_400_000;

const providers = {
  onetimepin: { id: ids.otpProvider, name: 'One-time PIN', type: 'onetimepin' },
  google: { id: ids.googleProvider, name: 'Google', type: 'google' },
} as const;

/** The organisation with its login methods and its group of administrators. */
export function seedOrganization(state: State, options: SeedOptions, now: number): void {
  const { warpSession = '24h', authenticateViaWarp = false, loginMethods = ['onetimepin'] } = options;
  state.organization = {
    name: 'Lantern Health',
    auth_domain: `${teamName}.cloudflareaccess.com`,
    session_duration: '24h',
    ...(warpSession === 'none' ? {} : { warp_auth_session_duration: warpSession }),
    allow_authenticate_via_warp: authenticateViaWarp,
    auto_redirect_to_identity: false,
    is_ui_read_only: false,
    user_seat_expiration_inactive_time: '730h',
    login_design: { background_color: '#f4f1ea', text_color: '#1d2b36', header_text: 'Lantern Health' },
  };
  state.organizationUpdatedAt = now - 90 * day;
  state.identityProviders = loginMethods.map((method) => ({ ...providers[method] }));
  state.groups.set(ids.group, {
    id: ids.group,
    name: 'Administrators',
    include: [{ email: { email: emailOf('Amina Diallo') } }],
    exclude: [],
    require: [],
    createdAt: now - 200 * day,
    updatedAt: now - 200 * day,
  });
}

/** A rule that lets staff through and ends their network sessions, and one that has nothing to do with sessions. */
export function seedGatewayRules(state: State, { networkSession = '24h0m0s' }: SeedOptions, now: number): void {
  const times = { createdAt: now - 180 * day, updatedAt: now - 60 * day };
  const check = networkSession === 'none' ? {} : { check_session: { enforce: true, duration: networkSession } };
  const staff: GatewayRule = {
    id: ids.gatewayRule,
    version: 3,
    isReadOnly: false,
    body: {
      name: 'Staff to Open Chat Studio',
      description: 'Network sessions end after a day',
      precedence: 1000,
      enabled: true,
      action: 'allow',
      filters: ['l4'],
      traffic: 'net.dst.port == 8000',
      identity: '',
      device_posture: '',
      rule_settings: { notification_settings: { enabled: true, msg: 'Sign in again' }, ...check },
    },
    ...times,
  };
  const trackers: GatewayRule = {
    id: uuidFor('gateway rule trackers'),
    version: 1,
    isReadOnly: false,
    body: {
      name: 'Block trackers',
      description: '',
      precedence: 500,
      enabled: true,
      action: 'block',
      filters: ['dns'],
      traffic: 'any(dns.domains[*] == "tracker.example")',
      identity: '',
      device_posture: '',
      rule_settings: { block_page_enabled: true, block_reason: 'Not for work' },
    },
    ...times,
  };
  for (const made of [trackers, staff]) state.gatewayRules.set(made.id, made);
}

/** What the applications say about signing in: for how long, and by which login methods. */
export function seedSignIn(state: State, { appSession, policySession }: SeedOptions): void {
  for (const { body } of state.apps.values()) body['allowed_idps'] = state.identityProviders.map(({ id }) => id);
  const app = state.apps.get(ids.app)?.body;
  const policy = state.policies.get(ids.policy)?.body;
  if (app !== undefined && appSession !== undefined) app['session_duration'] = appSession;
  if (policy !== undefined && policySession !== undefined) policy['session_duration'] = policySession;
}
