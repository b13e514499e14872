import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import { emailOf } from '../../sandbox/cloudflare/seed-people.ts';
import { startCheckedCloudflare } from '../../sandbox/cloudflare/start-checked.ts';
import { createClient } from '../../src/cloudflare/client.ts';
import { createCloudflare } from '../../src/cloudflare/cloudflare.ts';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import { addresses, aPolicy, email } from '../builders/a-policy.ts';
import { ANA, ASKED_AT } from '../builders/a-request.ts';
import { aDevice, aRegistration, aSerialList, aSnapshot, aUser, serials } from '../builders/a-snapshot.ts';
import { createMemoryCloudflare } from '../builders/memory-cloudflare.ts';
import { describeCloudflarePort } from './cloudflare.ts';

const BEN = 'ben.ode@lanternhealth.example';

describeCloudflarePort('the official client against the sandbox', async () => {
  const since = Date.now() - 1000;
  const cf = await startCheckedCloudflare({ seed: { sessions: true } });
  const client = createClient({ apiToken: cf.token, baseURL: cf.url });
  const person = { email: emailOf('Amina Diallo'), serial: 'C02FJ1XQMD6T', since };
  cf.account.login(person.email, person.serial);
  cf.account.login(person.email, person.serial);
  return {
    cloudflare: createCloudflare({
      client,
      accountId: cf.accountId,
      clock: { now: Date.now },
      deciders: { app: 'Open Chat Studio' },
    }),
    serialList: ids.serialList,
    policy: { kind: 'app', appId: ids.app, id: ids.policy },
    person,
    other: { email: emailOf('Bruno Keller') },
    refuse: (how) => {
      cf.faults.add({ status: how === 'for now' ? 503 : 403, times: Infinity });
    },
    stop: () => cf.stop(),
  };
});

describeCloudflarePort('the account in memory', async () => {
  const policy = { kind: 'reusable', id: 'policy-team' } as const;
  const device = aDevice();
  const benUser = { id: 'user-ben', email: BEN, name: 'Ben Ode', seatUid: 'seat-ben' };
  const snapshot = aSnapshot({
    allow: aPolicy({ ref: policy, include: [...addresses(13), ANA.email].map(email) }),
    posture: { ruleId: 'posture-serials', name: 'Known laptops', list: aSerialList(serials(15)) },
    users: [aUser(), aUser(benUser)],
    devices: [
      device,
      aDevice({ id: 'device-2', serial: '7HX2KQ3', registrations: [aRegistration({ id: 'r-2', email: BEN })] }),
    ],
  });
  const visit = { email: ANA.email, allowed: true, app: 'ocs.lantern.example', ip: '192.0.2.1' };
  const events = [ASKED_AT, ASKED_AT + 1000].map((at) => ({ ...visit, at }));
  const cloudflare = createMemoryCloudflare(snapshot, { sessions: { 'user-ana': 1, 'user-ben': 1 }, events });
  return {
    cloudflare,
    serialList: 'list-serials',
    policy,
    person: { email: ANA.email, serial: device.serial ?? '', since: ASKED_AT },
    other: { email: BEN },
    refuse: (how) =>
      cloudflare.intercept('before', () => {
        if (how === 'for now') throw new TransientError('Not now.', { code: 'cloudflare-unavailable' });
        throw new PermanentError('No.', { code: 'cloudflare-refused' });
      }),
    stop: async () => undefined,
  };
});
