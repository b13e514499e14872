import { judgeEntry } from '../core/entry.ts';
import { ownerOf } from '../core/serial.ts';
import { requiresPosture, ruleContext } from '../core/snapshot.ts';
import type { Check } from './check.ts';

/** Does the policy that lets them in ask for a known computer as well? Without one the right code is of no use. */
export const knownDevice: Check = {
  id: 'known-device',
  findings({ email, snapshot }) {
    if (snapshot === undefined) return [];
    const policy = judgeEntry(snapshot.policies, email, ruleContext(snapshot)).admitting[0]?.policy;
    if (policy === undefined || !policy.require.some(({ kind }) => kind === 'device-posture')) return [];
    const asks = `Besides the code, the policy “${policy.name}” asks for a checked computer with WARP switched on.`;
    const { posture } = snapshot;
    if (posture === undefined || !requiresPosture(policy, posture.ruleId)) return [{ verdict: 'ok', says: asks }];
    const hasOne = posture.list.items.some(({ description }) => ownerOf(description) === email);
    if (hasOne) return [{ verdict: 'ok', says: `${asks} A serial number is registered for this address.` }];
    return [
      {
        verdict: 'warning',
        says: `${asks} No serial number in the list “${posture.list.name}” is noted for this address, so the page may say no after the right code.`,
        fix: 'Use “add” with their computer, unless its serial number is in the list under another name.',
      },
    ];
  },
};
