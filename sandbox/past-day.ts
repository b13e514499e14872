import type { Account } from './cloudflare/account.ts';

const HOUR = 3_600_000;

/** People worked as on any day, and strangers tried to get in: as much as Cloudflare's log still has on the Free plan. */
export function fillPastDay(account: Account): void {
  const now = Date.now();
  const hours = { from: now - 23 * HOUR, to: now - HOUR / 6 };
  account.generateDay('busy', { ...hours, signIns: 60 });
  account.generateDay('attack', { ...hours, attempts: 40, seed: 2 });
}
