import { foldSerial } from '../core/belongings.ts';
import { judgeEntry } from '../core/entry.ts';
import { ownerOf } from '../core/serial.ts';
import { requiresPosture, ruleContext, type AccessList, type Snapshot } from '../core/snapshot.ts';
import type { Check } from './check.ts';

/** Does the policy that lets them in ask for a known computer as well? Without one the right code is of no use. */
export const knownDevice: Check = {
  id: 'known-device',
  findings({ email, snapshot }) {
    if (snapshot === undefined) return [];
    const policy = judgeEntry(snapshot.policies, email, ruleContext(snapshot)).admitting[0]?.policy;
    if (policy === undefined || !policy.require.some(({ kind }) => kind === 'device-posture')) return [];
    const { posture } = snapshot;
    if (posture === undefined || !requiresPosture(policy, posture.ruleId)) {
      return [{ verdict: 'ok', says: 'Signing in also takes a checked computer, with WARP switched on.' }];
    }
    const known = knownAs(email, posture.list, snapshot);
    if (known !== undefined) {
      return [{ verdict: 'ok', says: `Signing in also takes a known computer with WARP switched on: ${known}.` }];
    }
    return [
      {
        verdict: 'warning',
        says: `Signing in also takes a known computer, and the list “${posture.list.name}” notes none for this address. The page may say no to the right code.`,
        fix: 'Register it with “add”, unless it is in the list under another name.',
      },
    ];
  },
};

/** A computer that is in the list and that they have connected, or that is noted as theirs. */
function knownAs(email: string, { items }: AccessList, { devices }: Pick<Snapshot, 'devices'>): string | undefined {
  const serials = new Set(items.map(({ value }) => foldSerial(value)));
  const connected = devices.find(
    ({ emails, serial }) => serial !== undefined && emails.includes(email) && serials.has(foldSerial(serial)),
  );
  if (connected !== undefined) return `“${connected.name}” is one`;
  return items.some(({ description }) => ownerOf(description) === email) ? 'one is registered' : undefined;
}
