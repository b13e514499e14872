import { attackDay, busyDay, quietDay } from './generate-days.ts';
import type { Attack, AttackSpan, BusySpan, DaySpan, GeneratedDay } from './generate-days.ts';
import type { NetworkSession } from './network-analytics.ts';
import { activeRegistrations, userByEmail } from './people.ts';
import type { AccessLogRow } from './people.ts';
import { ids } from './seed-ids.ts';
import { hexFor } from './state.ts';
import type { State } from './state.ts';

interface Parts {
  state: State;
  newId: (what: string) => string;
}

/** What happened must be said; the rest is what the account has of the person, at the application, from Germany. */
type SomeAccessRow = Pick<AccessLogRow, 'at' | 'email' | 'allowed'> & Partial<AccessLogRow>;
type SomeNetworkSession = Pick<NetworkSession, 'at' | 'email'> & Partial<NetworkSession>;

interface Days {
  quiet: DaySpan;
  busy: BusySpan;
  attack: AttackSpan;
}

/** Logs of what people did, without their doing it: no session begins, no seat is taken. */
export function createAccountLogs({ state, newId }: Parts) {
  function registrationOf(email: string) {
    const user = userByEmail(state, email);
    return user === undefined ? undefined : activeRegistrations(state, user.id)[0];
  }

  function wholeAccessRow(row: SomeAccessRow): AccessLogRow {
    return {
      appId: ids.app,
      ip: '198.51.100.77',
      country: 'DE',
      rayId: hexFor(newId('ray')).slice(0, 16),
      userId: userByEmail(state, row.email)?.id ?? '',
      policyId: row.allowed ? ids.policy : '',
      registrationId: registrationOf(row.email)?.id ?? '',
      ...row,
    };
  }

  function wholeNetworkSession(row: SomeNetworkSession): NetworkSession {
    const { deviceId = '', deviceName = '' } = registrationOf(row.email) ?? {};
    const where = { destination: '10.20.0.5', port: 443, transport: 'tcp', action: 'allow' } as const;
    return { ...where, deviceId, deviceName, sent: 1000, received: 8000, ...row };
  }

  // Not in one call of `push`: it takes only so many arguments.
  function add({ access, network }: GeneratedDay): void {
    for (const row of access) state.accessLog.push(row);
    for (const row of network) state.networkSessions.push(row);
  }

  function generateDay(kind: 'quiet', span: DaySpan): GeneratedDay;
  function generateDay(kind: 'busy', span: BusySpan): GeneratedDay;
  function generateDay(kind: 'attack', span: AttackSpan): Attack;
  function generateDay<Kind extends keyof Days>(kind: Kind, span: Days[Kind]): GeneratedDay {
    const makers = { quiet: quietDay, busy: busyDay, attack: attackDay };
    const day = makers[kind](state, span);
    add(day);
    return day;
  }

  return {
    /** Rows of the Access log, which the analytics know too. */
    addAccessRows: (rows: readonly SomeAccessRow[]): void => add({ access: rows.map(wholeAccessRow), network: [] }),
    addNetworkSessions: (rows: readonly SomeNetworkSession[]): void =>
      add({ access: [], network: rows.map(wholeNetworkSession) }),
    /** Fills both between two moments, the same way each time, and gives what it added. */
    generateDay,
  };
}
