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
      const from = `${newest.ip || 'an unknown address'}${newest.country === undefined ? '' : ` (${newest.country})`}`;
      const says = `Turned away ${times(refused.length)} in the last day, the last time ${ago(now - newest.at)} from ${from}.`;
      return [letIn !== undefined && letIn.at >= newest.at ? sinceThen(says, now - letIn.at) : turnedAway(says)];
    }
    if (letIn !== undefined) {
      return [{ verdict: 'ok', says: `Let in ${ago(now - letIn.at)}, and not turned away in the last day.` }];
    }
    const before = last === undefined ? '' : ` The last sign-in that Cloudflare knows of was ${ago(now - last)}.`;
    return [
      {
        verdict: 'ok',
        says: `No sign-in is in the log of the last day, and none that failed. That proves little: the code is asked for before anything is logged.${before}`,
      },
    ];
  },
};

function turnedAway(says: string): Finding {
  return {
    verdict: 'warning',
    says,
    fix: 'A wrong or old code, a computer that is not known, and WARP switched off look like this. Use the newest code only, with WARP switched on.',
  };
}

function sinceThen(says: string, msAgo: number): Finding {
  return { verdict: 'ok', says: `${says} Since then it was let in, ${ago(msAgo)}.` };
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
