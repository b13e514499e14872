import type { AccessRow, NetworkRow } from '../../src/core/log-row.ts';
import { PermanentError } from '../../src/core/errors.ts';
import { withWrite, type Sessions, type SessionWrite } from '../../src/core/sessions.ts';
import type { LoginMethod, Snapshot, SnapshotScope } from '../../src/core/snapshot.ts';
import type { AppTunnels, TunnelReport } from '../../src/core/tunnel.ts';

export const HOUR_MS = 60 * 60 * 1000;

/** App 8 h, WARP 24 h both ways, no policy with a length of its own. */
export function aSessions(changes: Partial<Sessions> = {}): Sessions {
  return {
    app: { id: 'app-ocs', name: 'Open Chat Studio', ms: 8 * HOUR_MS },
    policies: [
      { ref: { kind: 'app', appId: 'app-ocs', id: 'policy-team' }, name: 'Team access', ms: undefined, sharedWith: [] },
    ],
    warpSignIn: { ms: 24 * HOUR_MS, isUsed: false },
    warpNetwork: [{ ruleId: 'rule-staff', name: 'Staff to Open Chat Studio', ms: 24 * HOUR_MS }],
    ...changes,
  };
}

export function aTunnel(changes: Partial<TunnelReport> = {}): TunnelReport {
  return {
    id: 'tunnel-ocs',
    name: 'lantern-ocs',
    status: 'healthy',
    connectors: [
      {
        id: 'connector-1',
        version: '2026.3.0',
        runAt: undefined,
        connections: [{ colo: 'fra08', openedAt: undefined }],
      },
    ],
    ...changes,
  };
}

const METHODS: readonly LoginMethod[] = [{ id: 'idp-otp', name: 'One-time PIN', type: 'onetimepin' }];

/** What an account holds beside its rules and people: session lengths, tunnels, login methods. All of it can be changed. */
export function createMemorySettings(snapshot: Snapshot) {
  let sessions = snapshot.sessions ?? aSessions();
  let tunnels: AppTunnels = snapshot.tunnels ?? { tunnels: [aTunnel()], basis: 'The route leads through it.' };
  let logs: { readonly access?: readonly AccessRow[]; readonly network?: readonly NetworkRow[] } = {};
  const methods = snapshot.loginMethods ?? METHODS;
  return {
    sessions: () => sessions,
    setSessions: (next: Sessions) => void (sessions = next),
    writeSession(write: SessionWrite) {
      const after = withWrite(sessions, write);
      if (!isThere(sessions, write)) {
        throw new PermanentError('It is not there any more.', { code: 'session-place-gone' });
      }
      sessions = after;
    },
    tunnels: () => tunnels,
    setTunnels: (next: readonly TunnelReport[]) => void (tunnels = { ...tunnels, tunnels: next }),
    setLogs: (next: typeof logs) => void (logs = next),
    accessRows: (since: number, until: number) => between(since, until, logs.access),
    networkRows: (since: number, until: number) => between(since, until, logs.network),
    within: (scope: SnapshotScope): Pick<Snapshot, 'sessions' | 'tunnels' | 'loginMethods'> => ({
      ...(scope.sessions === true ? { sessions } : {}),
      ...(scope.tunnels === true ? { tunnels } : {}),
      ...(scope.loginMethods === true ? { loginMethods: methods } : {}),
    }),
  };
}

function isThere({ app, policies, warpNetwork }: Sessions, { place }: SessionWrite): boolean {
  switch (place.kind) {
    case 'app':
      return app.id === place.id;
    case 'policy':
      return policies.some(({ ref }) => ref.id === place.policy.id);
    case 'warp-sign-in':
      return true;
    case 'warp-network':
      return warpNetwork.some(({ ruleId }) => ruleId === place.ruleId);
  }
}

function between<Row extends { readonly at: number }>(
  since: number,
  until: number,
  rows: readonly Row[] = [],
): readonly Row[] {
  return rows.filter(({ at }) => at >= since && at <= until).toSorted((one, other) => one.at - other.at);
}
