import { readGoDuration } from '../core/duration.ts';
import type { Sessions } from '../core/sessions.ts';
import type { Policy } from '../core/snapshot.ts';
import { readApplications, type App } from './applications.ts';
import type { Account } from './client.ts';
import { findApplication, type Deciders } from './discover.ts';
import { readSessionRules } from './gateway-rules.ts';
import { readOrganization, type Organization } from './organization.ts';
import { readAppPolicies, readReusablePolicies, type RawPolicy } from './policies.ts';
import { shapePolicies } from './shape-policies.ts';
import { unexpectedAnswer, type Call } from './translate-error.ts';

/** What a new application has, and one that does not say. */
const DEFAULT_MS = 24 * 60 * 60 * 1000;

/** Everything that session lengths are read from. A snapshot has most of it anyway. */
interface SessionFacts {
  readonly app: App;
  /** The policies of the application, as they came and in our words. */
  readonly raw: readonly RawPolicy[];
  readonly policies: readonly Policy[];
  readonly organization: Organization;
  readonly warpNetwork: Sessions['warpNetwork'];
}

/**
 * The session lengths with 5 calls in two waves: applications, reusable policies, organisation and Gateway rules, and then
 * the policies of the application. A snapshot with the scope `sessions` makes only that for the Gateway rules beside its own.
 */
export async function readSessionLengths(account: Account, deciders: Deciders): Promise<Sessions> {
  const [apps, reusable, organization, warpNetwork] = await Promise.all([
    readApplications(account),
    readReusablePolicies(account),
    readOrganization(account),
    readSessionRules(account),
  ]);
  const app = findApplication(apps, deciders.app);
  const raw = await readAppPolicies(account, app.id);
  return shapeSessions({ app, raw, policies: shapePolicies(raw, app, { apps, reusable }), organization, warpNetwork });
}

/**
 * Throws PermanentError `cloudflare-unexpected-answer` for a length that can't be read. To take it for one that is not set
 * would compare with another length than people really have, and lift the guard against sessions that contradict each other.
 */
export function shapeSessions({ app, raw, policies, organization, warpNetwork }: SessionFacts): Sessions {
  const own = new Map(raw.map((policy) => [policy.id, policy['session_duration']]));
  return {
    app: { id: app.id, name: app.name, ms: lengthIn(ofApp, app.sessionLength) ?? DEFAULT_MS },
    policies: policies
      .filter(({ decision }) => decision === 'allow')
      .map(({ ref, name, sharedWith }) => ({ ref, name, ms: lengthIn(ofPolicy, own.get(ref.id)), sharedWith })),
    warpSignIn: {
      ms: lengthIn(ofOrganization, organization.warpSession),
      isUsed: app.allowsWarp ?? organization.allowsWarp ?? false,
    },
    warpNetwork,
  };
}

type Place = Call & { readonly field: string };

const ofApp: Place = {
  route: 'GET access/apps',
  does: 'read the session length of an application',
  field: 'session_duration',
};
const ofPolicy: Place = {
  route: 'GET access/apps/:id/policies',
  does: 'read the session length of a policy',
  field: 'session_duration',
};
const ofOrganization: Place = {
  route: 'GET access/organizations',
  does: 'read the session length of WARP',
  field: 'warp_auth_session_duration',
};

/** Milliseconds. Undefined: not set. */
function lengthIn(place: Place, value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const ms = typeof value === 'string' ? readGoDuration(value) : undefined;
  if (ms === undefined) throw unexpectedAnswer(place, `field ${place.field}`);
  return ms;
}
