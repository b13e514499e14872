import type { AccessEvent } from '../core/access-event.ts';
import type { Finding } from '../core/finding.ts';
import type { Check } from './check.ts';
import { ago } from './ago.ts';

/** What does the log of the last day say? */
export const failedLogins: Check = {
  id: 'failed-logins',
  findings({ email, events, snapshot, now }) {
    if (events === undefined) return [];
    const last = snapshot?.users.find((user) => user.email === email)?.lastLoginAt;
    const refused = events.filter(({ allowed }) => !allowed);
    const [newest] = refused;
    const letIn = events.find(({ allowed }) => allowed);
    if (newest !== undefined) {
      const says = `Turned away ${times(refused.length)} in the last day, last ${ago(now - newest.at)} from ${placeOf(newest)}.`;
      return [letIn !== undefined && letIn.at >= newest.at ? sinceThen(says, now - letIn.at) : turnedAway(says)];
    }
    if (letIn !== undefined) {
      return [{ verdict: 'ok', says: `Signed in ${ago(now - letIn.at)}, and not turned away in the last day.` }];
    }
    const before = last === undefined ? '' : ` The last sign-in before was ${ago(now - last)}.`;
    return [
      {
        verdict: 'ok',
        says: `No sign-in in the last day, and none that failed. A code that never came leaves no trace there.${before}`,
      },
    ];
  },
};

function turnedAway(says: string): Finding {
  return {
    verdict: 'warning',
    says,
    fix: 'An old code, an unknown computer and WARP switched off look like this. Use the newest code, with WARP switched on.',
  };
}

function sinceThen(says: string, msAgo: number): Finding {
  return { verdict: 'ok', says: `${says} Signed in since then, ${ago(msAgo)}.` };
}

function times(count: number): string {
  if (count === 1) return 'once';
  return count === 2 ? 'twice' : `${count} times`;
}

/** What Cloudflare says where it does not know the country. */
const NOWHERE = 'XX';

function placeOf({ ip, country = NOWHERE }: AccessEvent): string {
  return `${ip || 'an unknown address'}${country === NOWHERE ? '' : ` (${country})`}`;
}
