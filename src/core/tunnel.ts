/** Cloudflare's own words for the state of a tunnel. `gone`: it was deleted. `unknown`: a word that we do not know. */
export type TunnelStatus = 'inactive' | 'degraded' | 'healthy' | 'down' | 'unknown';

export interface TunnelHealth {
  readonly id: string;
  readonly name: string;
  readonly status: TunnelStatus;
  /** Epoch milliseconds: since when it has, or has not, a connection. Undefined: Cloudflare does not say. */
  readonly activeAt?: number;
  readonly inactiveAt?: number;
}

/** One running cloudflared. A new process has a new id. */
export interface Connector {
  readonly id: string;
  /** `2026.3.0`; empty if Cloudflare does not say. */
  readonly version: string;
  /** Epoch milliseconds. */
  readonly runAt: number | undefined;
  readonly connections: readonly {
    /** Cloudflare's place, an airport: `fra08`. */
    readonly colo: string;
    readonly openedAt: number | undefined;
  }[];
}

export interface TunnelReport extends TunnelHealth {
  readonly connectors: readonly Connector[];
}

/** The tunnels that the routes of the application use. */
export interface AppTunnels {
  readonly tunnels: readonly TunnelReport[];
  /** How they were found, in a sentence: `The network route 10.20.0.0/16 leads through it.` */
  readonly basis: string;
}

/** What Cloudflare's word means for people. */
export const STATUS_MEANS: Record<TunnelStatus, string> = {
  healthy: 'connected, everything gets through',
  degraded: 'connected, but some of its connections are missing',
  inactive: 'set up, but it has never been run',
  down: 'no connection, so nobody gets through',
  unknown: 'in a state that this version of the bot does not know',
};

/** Cloudflare supports a version of cloudflared for a year. */
const SUPPORTED_MONTHS = 12;

/** Whether a version such as `2026.3.0` is out of support. False for one that can't be read. */
export function isOutdated(version: string, now: number): boolean {
  const [, year, month] = /^(\d{4})\.(\d{1,2})\./.exec(version) ?? [];
  if (year === undefined || month === undefined) return false;
  const today = new Date(now);
  const age = (today.getUTCFullYear() - Number(year)) * 12 + (today.getUTCMonth() + 1 - Number(month));
  return age > SUPPORTED_MONTHS;
}
