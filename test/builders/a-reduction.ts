import { addresses, aPolicy, email } from './a-policy.ts';
import { ANA, CARA } from './a-request.ts';
import { aRun, type Run, type RunOptions } from './a-run.ts';
import { aDevice, anEnrolment, anEnrolmentPolicy, anItem, aSerialList, aSnapshot, aUser } from './a-snapshot.ts';

export const SERIAL = 'C02XK0AZJG5J';

/** Ana has everything: two rules, a serial number, a device, a seat. */
const inside = aSnapshot({
  allow: aPolicy({ include: [...addresses(2), ANA.email].map(email) }),
  enrolment: anEnrolment(anEnrolmentPolicy({ include: [...addresses(2), ANA.email].map(email) })),
  posture: {
    ruleId: 'posture-serials',
    name: 'Known laptops',
    list: aSerialList([anItem(SERIAL, `Ana Souza <${ANA.email}> · REQ-0001 · 2026-01-01`)]),
  },
  users: [aUser()],
  devices: [aDevice()],
});

const taken: RunOptions = { snapshot: inside, sessions: { 'user-ana': 2 }, by: CARA };

/** Cara has all access of Ana revoked. */
export function aRevocation(changes: RunOptions = {}): Promise<Run> {
  return aRun({
    ...taken,
    action: 'revoke',
    input: { person: ANA, scope: 'everything', reason: 'She left.' },
    ...changes,
  });
}

/** Cara reports Ana’s laptop stolen. */
export function aLoss(changes: RunOptions = {}): Promise<Run> {
  const device = { id: 'device-1', name: 'ana-laptop', serial: SERIAL, platform: 'macos', owner: ANA, others: [] };
  return aRun({ ...taken, action: 'lost', input: { device }, ...changes });
}

/** What is left of Ana in the account. */
export async function leftOf({ cloudflare, stored }: Run) {
  const devices = await cloudflare.devices({ of: [ANA.email] });
  const { status, steps } = await stored();
  return {
    status,
    open: steps.filter(({ state }) => state !== 'done').length,
    rules: [...cloudflare.peopleOf('policy-enrol'), ...cloudflare.peopleOf('policy-team')].filter(
      (address) => address === ANA.email,
    ).length,
    serials: cloudflare.valuesOf('list-serials').filter((value) => value === SERIAL).length,
    registrations: devices.flatMap(({ registrations }) => registrations).length,
    sessions: await cloudflare.sessions('user-ana'),
  };
}

export const OUT = { status: 'done', open: 0, rules: 0, serials: 0, registrations: 0, sessions: 0 };
