import { afterEach, describe, expect, it, vi } from 'vitest';
import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import type { CloudflareOptions, CloudflareSandbox } from '../../sandbox/cloudflare/server.ts';
import { emailOf } from '../../sandbox/cloudflare/seed-people.ts';
import { uuidFor } from '../../sandbox/cloudflare/state.ts';
import type { Deciders } from '../../src/cloudflare/discover.ts';
import { failureOf, NOW, startAdapter, type Started } from './start-adapter.ts';

let started: Started | undefined;
afterEach(() => started?.cf.stop());

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter(options);
  return started;
}

const FIRST_WAVE = ['GET access/apps', 'GET access/organizations', 'GET access/policies', 'GET devices/posture'];
const SECOND_WAVE = [
  `GET access/apps/${ids.app}/policies`,
  `GET access/apps/${ids.enrolmentApp}/policies`,
  `GET gateway/lists/${ids.serialList}`,
];

it('finds everything in an ordinary account', async () => {
  const { cloudflare } = await start({ seed: { people: ['ada@x.org'], serials: 1, enrolmentDomain: true } });

  const snapshot = await cloudflare.snapshot();

  const allow = {
    ref: { kind: 'app', appId: ids.app, id: ids.policy },
    name: 'Team access',
    decision: 'allow',
    sharedWith: [],
    include: [{ kind: 'email', email: 'ada@x.org' }],
    exclude: [],
    require: [{ kind: 'device-posture', ruleId: ids.postureRule }],
  };
  expect(snapshot).toMatchObject({
    takenAt: NOW,
    teamName: 'lantern-health',
    app: { id: ids.app, name: 'Open Chat Studio', domain: 'ocs.lantern.internal' },
    allow,
    policies: [allow],
    enrolment: {
      app: { id: ids.enrolmentApp, name: 'Warp Login App' },
      allow: { ref: { kind: 'app', appId: ids.enrolmentApp, id: ids.enrolmentPolicy }, name: 'Who may enrol' },
    },
    posture: {
      ruleId: ids.postureRule,
      list: { id: ids.serialList, type: 'SERIAL', items: [{ value: 'C02FJ1XQMD6T' }] },
    },
    emailLists: [],
    groups: [],
  });
  expect(snapshot.enrolment?.allow?.include).toContainEqual({ kind: 'email-domain', domain: 'lanternhealth.example' });
});

describe('calls', () => {
  it.each([10, 1000])('reads an account of %i people with seven calls in two waves', async (people) => {
    const { cf, cloudflare, routes } = await start({ seed: { people, serials: people } });

    const snapshot = await cloudflare.snapshot();

    expect(routes().slice(0, 4).toSorted()).toEqual(FIRST_WAVE);
    expect(routes().slice(4).toSorted()).toEqual(SECOND_WAVE);
    expect(snapshot.allow.include).toHaveLength(people);
    expect(snapshot.posture?.list.items).toHaveLength(people);
    expect(cf.violations).toEqual([]);
  });

  it.each([10, 1000])('reads an e-mail list of %i people with one call more', async (people) => {
    const { cloudflare, routes } = await start({ seed: { people, serials: people, emailList: true } });

    const snapshot = await cloudflare.snapshot();

    expect(routes().slice(4).toSorted()).toEqual([...SECOND_WAVE, `GET gateway/lists/${ids.emailList}`].toSorted());
    expect(snapshot.emailLists).toHaveLength(1);
    expect(snapshot.emailLists[0]?.items).toHaveLength(people);
  });

  it('sends each wave at once', async () => {
    const { cf, cloudflare } = await start({ seed: { emailList: true } });
    // No answer of a wave is sent before its last call has arrived.
    const arrived = (count: number): Promise<boolean> =>
      vi.waitUntil(() => cf.calls.length >= count, { interval: 5, timeout: 2_000 });
    const hold = async (call: CloudflareSandbox['calls'][number]): Promise<void> => {
      await arrived(cf.calls.indexOf(call) < 4 ? 4 : 8);
    };
    cf.after('GET', /.*/, hold, { times: 8 });

    await expect(cloudflare.snapshot()).resolves.toBeDefined();

    expect(cf.calls).toHaveLength(8);
  });

  it('reads what the policies name, even where the applications do not bring them along', async () => {
    const { cf, cloudflare, routes } = await start({ seed: { people: ['ada@x.org'], emailList: true } });
    cf.faults.add({
      path: /access\/apps\?/,
      mangle: (answer) => {
        const copy = structuredClone(answer) as { result: Record<string, unknown>[] };
        for (const app of copy.result) delete app['policies'];
        return copy;
      },
    });

    const snapshot = await cloudflare.snapshot();

    expect(snapshot.emailLists.map((list) => list.id)).toEqual([ids.emailList]);
    expect(routes().at(-1)).toBe(`GET gateway/lists/${ids.emailList}`);
  });

  it('asks anew each time', async () => {
    const { cf, cloudflare } = await start();
    await cloudflare.snapshot();
    cf.account.addListItem(ids.serialList, 'C02NEW');

    const { posture } = await cloudflare.snapshot();

    expect(posture?.list.items.map((item) => item.value)).toContain('C02NEW');
    expect(cf.calls).toHaveLength(14);
  });
});

describe('people and devices', () => {
  const AMINA = emailOf('Amina Diallo');
  const BRUNO = emailOf('Bruno Keller');
  const DEVICES = 'GET devices/physical-devices';
  const REGISTRATIONS = 'GET devices/registrations';

  it('are left out unless they are asked for', async () => {
    const { cloudflare } = await start();

    await expect(cloudflare.snapshot()).resolves.toMatchObject({ users: [], devices: [] });
  });

  it('of one person come in the same two waves, for three calls more', async () => {
    const { cf, cloudflare, routes } = await start();
    let answered = 0;
    const firstWave = [...FIRST_WAVE, 'GET access/users', DEVICES, REGISTRATIONS];
    // Each of the first seven answers waits until all seven have been asked for.
    const hold = async (): Promise<void> => {
      await vi.waitUntil(() => cf.calls.length >= firstWave.length, { interval: 5, timeout: 2_000 });
      answered += 1;
    };
    cf.after('GET', /.*/, hold, { times: firstWave.length });

    const snapshot = await cloudflare.snapshot({ users: [AMINA], devicesOf: [AMINA] });

    expect(snapshot.users).toMatchObject([{ email: AMINA, hasSeat: true }]);
    expect(snapshot.devices).toMatchObject([{ serial: 'C02FJ1XQMD6T', emails: [AMINA] }]);
    expect(snapshot.allow.include).toContainEqual({ kind: 'email', email: AMINA });
    expect(answered).toBe(firstWave.length);
    expect(routes().slice(0, 7).toSorted()).toEqual(firstWave.toSorted());
    expect(routes().slice(7).toSorted()).toEqual(SECOND_WAVE);
  });

  it('of a device that is named come in the first wave', async () => {
    const { cloudflare, routes } = await start({ seed: { sharedLaptop: true } });

    const { devices } = await cloudflare.snapshot({ devices: [uuidFor('device 0')] });

    expect(devices).toMatchObject([{ id: uuidFor('device 0'), serial: 'C02FJ1XQMD6T' }]);
    expect(devices[0]?.registrations).toHaveLength(2);
    expect(routes().slice(0, 6).toSorted()).toEqual([...FIRST_WAVE, DEVICES, REGISTRATIONS].toSorted());
    expect(routes()).toHaveLength(9);
  });

  it('of a device that two share tell about both, within two waves', async () => {
    const { cf, cloudflare } = await start({ seed: { sharedLaptop: true } });
    // Six calls and then five: no answer of a wave is sent before its last call has arrived.
    const hold = async (call: CloudflareSandbox['calls'][number]): Promise<void> => {
      const count = cf.calls.indexOf(call) < 6 ? 6 : 11;
      await vi.waitUntil(() => cf.calls.length >= count, { interval: 5, timeout: 2_000 });
    };
    cf.after('GET', /.*/, hold, { times: 11 });

    const { devices } = await cloudflare.snapshot({ devicesOf: [BRUNO] });

    expect(cf.calls).toHaveLength(11);
    expect(devices.find(({ id }) => id === uuidFor('device 0'))?.emails.toSorted()).toEqual([AMINA, BRUNO]);
  });

  it('of 200 people cost what those of all cost', async () => {
    const { cf, cloudflare } = await start({ seed: { people: 200, laptops: 200 } });
    const people = cf.account.emails();

    const many = await cloudflare.snapshot({ users: people, devicesOf: people });
    const calls = cf.calls.length;
    const all = await cloudflare.snapshot({ users: 'all', devicesOf: 'all' });

    expect([many.users.length, many.devices.length]).toEqual([200, 200]);
    expect(all).toMatchObject({ users: many.users, devices: many.devices });
    // Seven for the rules, one for the users, four pages each of devices and registrations.
    expect([calls, cf.calls.length - calls]).toEqual([16, 16]);
  });

  it('come once where they are asked for twice', async () => {
    const { cloudflare } = await start();

    const { devices } = await cloudflare.snapshot({ devicesOf: [AMINA], devices: [uuidFor('device 0')] });

    expect(devices).toHaveLength(1);
  });

  it('are not simply missing where they cannot be read', async () => {
    const { cf, cloudflare } = await start();
    cf.account.removePermission('Access: Audit Logs Read');

    const failure = await failureOf(cloudflare.snapshot({ users: [AMINA] }));

    expect(failure.code).toBe('cloudflare-permission-missing');
    await expect(cloudflare.snapshot()).resolves.toBeDefined();
  });
});

describe('the application', () => {
  it.each(['Open Chat Studio', 'open chat studio', ids.app, 'ocs.lantern.internal', 'https://OCS.lantern.internal/'])(
    'is found as “%s”',
    async (app) => {
      const { decided } = await start({ seed: { candidateApps: 2 } });

      const snapshot = await decided({ app }).snapshot();

      expect(snapshot.app.id).toBe(ids.app);
    },
  );

  it('is found by a place that it guards besides its domain', async () => {
    const { cf, decided } = await start();
    cf.account.editApp(ids.app, (body) => {
      body.destinations.push({ type: 'private', cidr: '10.20.0.5/32', port_range: '8000' });
    });

    const snapshot = await decided({ app: '10.20.0.5/32' }).snapshot();

    expect(snapshot.app.id).toBe(ids.app);
  });

  it('is asked for where two have the name', async () => {
    const { cf, cloudflare } = await start({ seed: { candidateApps: 1 } });
    cf.account.editApp(uuidFor('candidate app 1'), (body) => {
      body.name = 'Open Chat Studio';
    });

    const failure = await failureOf(cloudflare.snapshot());

    expect(failure).toMatchObject({ name: 'PermanentError', code: 'several-candidates' });
    expect(failure.message).toMatchInlineSnapshot(
      `"Several Access applications match “Open Chat Studio”: “Open Chat Studio” (ocs.lantern.internal, id 42785677-980f-447f-a520-50920159b1af), “Open Chat Studio” (ocs-staging-1.lantern.internal, id 2bb5acce-4ba5-4c58-a09f-2b47381539cb). Set ACCESS_APP to the id of the right one."`,
    );
  });

  it('is decided by its id where two have the name', async () => {
    const { cf, decided } = await start({ seed: { candidateApps: 1 } });
    cf.account.editApp(uuidFor('candidate app 1'), (body) => {
      body.name = 'Open Chat Studio';
    });

    const snapshot = await decided({ app: ids.app }).snapshot();

    expect(snapshot.app.id).toBe(ids.app);
  });

  it('is missed with the names of those that there are', async () => {
    const { cloudflare } = await start({ seed: { without: ['app'] } });

    const failure = await failureOf(cloudflare.snapshot());

    expect(failure).toMatchObject({ name: 'PermanentError', code: 'missing-application' });
    expect(failure.message).toMatchInlineSnapshot(
      `"There is no Access application with the name, domain or id “Open Chat Studio” (ACCESS_APP). There is: “Wiki” (wiki.lantern.internal, id 020eaaee-ca6f-4a6c-a034-9df598532b62). If it is not made yet: Zero Trust → Access controls → Applications in the dashboard; \`ocs-access setup\` (coming) will be able to make it."`,
    );
  });

  it('is never the enrolment application', async () => {
    const { decided } = await start();

    const failure = await failureOf(decided({ app: ids.enrolmentApp }).snapshot());

    expect(failure.code).toBe('missing-application');
  });
});

describe('the Allow policy', () => {
  it('is missed by name', async () => {
    const { cloudflare } = await start({ seed: { without: ['policy'] } });

    const failure = await failureOf(cloudflare.snapshot());

    expect(failure).toMatchObject({ name: 'PermanentError', code: 'missing-allow-policy' });
    expect(failure.message).toMatchInlineSnapshot(
      `"The application “Open Chat Studio” has no Allow policy, so there is nothing that people could be added to. Make one in the dashboard: Zero Trust → Access controls → Applications → Open Chat Studio → Policies; \`ocs-access setup\` (coming) will be able to make it."`,
    );
  });

  it('is asked for where there are several', async () => {
    const { cloudflare } = await start({ seed: { candidatePolicies: 1 } });

    const failure = await failureOf(cloudflare.snapshot());

    expect(failure).toMatchObject({ name: 'PermanentError', code: 'several-candidates' });
    expect(failure.message).toMatchInlineSnapshot(
      `"The application “Open Chat Studio” has several Allow policies: “Contractors 1” (id 6747f35a-bf7d-4b64-aae6-89aa39187d86), “Team access” (id d4873c9c-0df5-4afa-a03d-6d5352d76007). Set ACCESS_POLICY to the id of the right one."`,
    );
  });

  it.each([undefined, 'Renamed meanwhile'])(
    'is the first of several for whoever only takes away, with “%s” decided',
    async (policy) => {
      const { decided } = await start({ seed: { candidatePolicies: 1 } });

      const snapshot = await decided(policy === undefined ? {} : { policy }).snapshot({ undecided: 'first' });

      expect(snapshot.allow.name).toBe('Team access');
      expect(snapshot.policies.map(({ name }) => name)).toEqual(['Team access', 'Contractors 1']);
    },
  );

  it.each(['contractors 1', uuidFor('candidate policy 1')])('is decided by “%s”', async (policy) => {
    const { decided } = await start({ seed: { candidatePolicies: 1 } });

    const snapshot = await decided({ policy }).snapshot();

    expect(snapshot.allow.name).toBe('Contractors 1');
    expect(snapshot.policies.map(({ name }) => name)).toEqual(['Team access', 'Contractors 1']);
  });

  it('is not replaced by another where the one decided is not there', async () => {
    const { decided } = await start();

    const failure = await failureOf(decided({ policy: 'Contractors' }).snapshot());

    expect(failure).toMatchObject({ code: 'missing-allow-policy' });
    expect(failure.message).toContain('There is: “Team access”');
  });

  it('is the only one that allows; the others are in the snapshot too', async () => {
    const { cf, cloudflare } = await start();
    const everyone = [{ everyone: {} }];
    cf.account.addPolicy(ids.app, { name: 'Hooks', decision: 'bypass', include: everyone });
    cf.account.addPolicy(ids.app, {
      name: 'Nobody from there',
      decision: 'deny',
      include: [{ geo: { country_code: 'XX' } }],
    });

    const snapshot = await cloudflare.snapshot();

    expect(snapshot.allow.name).toBe('Team access');
    expect(snapshot.policies.map(({ name, decision }) => `${name}: ${decision}`)).toEqual([
      'Team access: allow',
      'Hooks: bypass',
      'Nobody from there: deny',
    ]);
  });

  it('is told apart from an app-scoped one, with the applications that share it', async () => {
    const { cloudflare } = await start({ seed: { reusable: true, appCount: 2 } });

    const { allow } = await cloudflare.snapshot();

    expect(allow).toMatchObject({ ref: { kind: 'reusable', id: ids.policy }, sharedWith: ['Wiki'] });
  });

  it('is shared with nobody where one application uses it', async () => {
    const { cloudflare } = await start({ seed: { reusable: true, appCount: 1 } });

    const { allow } = await cloudflare.snapshot();

    expect(allow).toMatchObject({ ref: { kind: 'reusable' }, sharedWith: [] });
  });

  it.each([
    [3, ['Wiki', '1 more application']],
    [4, ['Wiki', '2 more applications']],
  ])('counts the applications that it cannot name (app_count %i)', async (appCount, sharedWith) => {
    const { cf, cloudflare } = await start({ seed: { reusable: true, appCount: 2 } });
    cf.faults.add({
      path: /access\/policies\?/,
      mangle: (answer) => {
        const copy = structuredClone(answer) as { result: { app_count: number }[] };
        for (const policy of copy.result) policy.app_count = appCount;
        return copy;
      },
    });

    const { allow } = await cloudflare.snapshot();

    expect(allow.sharedWith).toEqual(sharedWith);
  });
});

describe('enrolment', () => {
  it('may not be set up', async () => {
    const { cloudflare } = await start({ seed: { without: ['enrolment-app'] } });

    await expect(cloudflare.snapshot()).resolves.toMatchObject({ enrolment: undefined });
  });

  it('may have no Allow policy', async () => {
    const { cf, cloudflare } = await start();
    cf.account.removePolicy(ids.enrolmentPolicy);

    const { enrolment } = await cloudflare.snapshot();

    expect(enrolment).toMatchObject({ app: { id: ids.enrolmentApp }, policies: [], allow: undefined });
  });

  it('is asked for where it has several, and decided by ENROLMENT_POLICY', async () => {
    const { cf, cloudflare, decided } = await start();
    cf.account.addPolicy(ids.enrolmentApp, { name: 'Guests', include: [{ email: { email: 'guest@x.org' } }] });

    const failure = await failureOf(cloudflare.snapshot());
    const snapshot = await decided({ enrolmentPolicy: 'Guests' }).snapshot();

    expect(failure.code).toBe('several-candidates');
    expect(failure.message).toContain('Set ENROLMENT_POLICY');
    expect(snapshot.enrolment?.allow?.name).toBe('Guests');
  });
});

function addSerialRule({ cf }: Started, name: string, listId: string | undefined): string {
  const id = uuidFor(name);
  const known = cf.account.state.postureRules.get(ids.postureRule);
  if (known === undefined) throw new Error('no rule to copy');
  cf.account.state.postureRules.set(id, { ...known, id, name, input: listId === undefined ? {} : { id: listId } });
  return id;
}

describe('the posture rule', () => {
  it('may not be there', async () => {
    const { cloudflare } = await start({ seed: { without: ['posture-rule'] } });

    await expect(cloudflare.snapshot()).resolves.toMatchObject({ posture: undefined });
  });

  it('is the one that the Allow policy requires', async () => {
    const house = await start();
    addSerialRule(house, 'Phones', ids.serialList);

    const { posture } = await house.cloudflare.snapshot();

    expect(posture?.name).toBe('Lantern laptop');
  });

  it('is asked for where the Allow policy requires none, and decided by POSTURE_RULE', async () => {
    const house = await start({ seed: { requirePosture: false } });
    addSerialRule(house, 'Phones', ids.serialList);

    const failure = await failureOf(house.cloudflare.snapshot());
    const { posture } = await house.decided({ postureRule: 'phones' }).snapshot();

    expect(failure.code).toBe('several-candidates');
    expect(failure.message).toContain('Set POSTURE_RULE');
    expect(posture?.name).toBe('Phones');
  });

  it('is not replaced by another where the one decided is not there', async () => {
    const { decided } = await start();

    const failure = await failureOf(decided({ postureRule: 'Firewall on' }).snapshot());

    expect(failure.code).toBe('missing-posture-rule');
  });

  it('is no use without its list', async () => {
    const { cloudflare } = await start({ seed: { without: ['serial-list'] } });

    const failure = await failureOf(cloudflare.snapshot());

    expect(failure.code).toBe('missing-serial-list');
    expect(failure.message).toMatchInlineSnapshot(
      `"The posture rule “Lantern laptop” reads no list of serial numbers, or one that does not exist any more. Make a list of type “Serial numbers” in the dashboard (Zero Trust → Reusable components → Lists) and choose it in the rule; \`ocs-access setup\` (coming) will be able to make it."`,
    );
  });

  it('is no use where it reads no list', async () => {
    const house = await start();
    const id = addSerialRule(house, 'Phones', undefined);

    const failure = await failureOf(house.decided({ postureRule: id }).snapshot());

    expect(failure.code).toBe('missing-serial-list');
  });
});

/** A second list that the Allow policy includes. */
function addList({ cf }: Started, name: string, policyId: string = ids.policy): string {
  const id = uuidFor(name);
  const known = cf.account.state.lists.get(ids.emailList);
  if (known === undefined) throw new Error('no list to copy');
  cf.account.state.lists.set(id, { ...known, id, name, items: [], history: [] });
  cf.account.editPolicy(policyId, (body) => body.include.push({ email_list: { id } }));
  return id;
}

describe('e-mail lists', () => {
  it('are asked for where the Allow policy includes several', async () => {
    const house = await start({ seed: { emailList: true, people: ['ada@x.org'] } });
    addList(house, 'Partners');

    const failure = await failureOf(house.cloudflare.snapshot());

    expect(failure.code).toBe('several-candidates');
    expect(failure.message).toMatchInlineSnapshot(
      `"The policy “Team access” includes several e-mail lists: “Open Chat Studio people” (id f09f3983-086b-4156-a4a2-a779b097c772), “Partners” (id 5dab502b-fba3-43df-a2c9-308a9f5cd3cf). Set EMAIL_LIST to the id of the right one."`,
    );
  });

  it.each(['Partners', 'Open Chat Studio people'])(
    'puts the one that EMAIL_LIST names first (%s)',
    async (emailList) => {
      const house = await start({ seed: { emailList: true } });
      addList(house, 'Partners');

      const snapshot = await house.decided({ emailList }).snapshot();

      const [first] = snapshot.allow.include;
      const chosen = snapshot.emailLists.find((list) => list.name === emailList);
      expect(first).toEqual({ kind: 'email-list', listId: chosen?.id });
      expect(snapshot.allow.include).toHaveLength(2);
      expect(snapshot.policies).toContain(snapshot.allow);
    },
  );

  it('are not decided by a name that the policy does not include', async () => {
    const { decided } = await start({ seed: { emailList: true } });

    const failure = await failureOf(decided({ emailList: 'Partners' }).snapshot());

    expect(failure.code).toBe('missing-email-list');
  });

  it('puts the application’s own list first for enrolment too', async () => {
    const house = await start({ seed: { emailList: true } });
    addList(house, 'Partners', ids.enrolmentPolicy);
    house.cf.account.editPolicy(ids.enrolmentPolicy, (body) =>
      body.include.push({ email_list: { id: ids.emailList } }),
    );

    const { enrolment } = await house.cloudflare.snapshot();

    expect(enrolment?.allow?.include[0]).toEqual({ kind: 'email-list', listId: ids.emailList });
  });

  it('that were deleted are left out', async () => {
    const { cf, cloudflare } = await start({ seed: { emailList: true } });
    cf.account.state.lists.delete(ids.emailList);

    const snapshot = await cloudflare.snapshot();

    expect(snapshot.emailLists).toEqual([]);
    expect(snapshot.allow.include).toEqual([{ kind: 'email-list', listId: ids.emailList }]);
  });

  it('that cannot be read just now are not taken for deleted', async () => {
    const { cf, cloudflare } = await start({ seed: { emailList: true } });
    cf.faults.add({ path: `gateway/lists/${ids.emailList}`, status: 503 });

    const failure = await failureOf(cloudflare.snapshot());

    expect(failure).toMatchObject({ name: 'TransientError', code: 'cloudflare-unavailable' });
  });
});

describe('groups', () => {
  it('come with the groups and lists that they name', async () => {
    const { cf, cloudflare, routes } = await start({ seed: { emailList: true, people: ['ada@x.org'] } });
    const inner = cf.account.addGroup({ name: 'Inner', include: [{ email_list: { id: ids.emailList } }] });
    const outer = cf.account.addGroup({ name: 'Outer', include: [{ group: { id: inner } }] });
    cf.account.addGroup({ name: 'Not named', include: [{ everyone: {} }] });
    cf.account.editPolicy(ids.policy, (body) => {
      body.include = [{ email: { email: 'bo@x.org' } }, { group: { id: outer } }];
    });

    const snapshot = await cloudflare.snapshot();

    expect(snapshot.groups.map(({ name }) => name).toSorted()).toEqual(['Inner', 'Outer']);
    expect(snapshot.emailLists.map(({ id }) => id)).toEqual([ids.emailList]);
    expect(routes()).toHaveLength(9);
  });

  it('may name each other in a circle', async () => {
    const { cf, cloudflare } = await start();
    const one = cf.account.addGroup({ name: 'One', include: [] });
    const two = cf.account.addGroup({ name: 'Two', include: [{ group: { id: one } }] });
    cf.account.state.groups.get(one)?.include.push({ group: { id: two } });
    cf.account.editPolicy(ids.policy, (body) => body.include.push({ group: { id: two } }));

    const { groups } = await cloudflare.snapshot();

    expect(groups.map(({ name }) => name).toSorted()).toEqual(['One', 'Two']);
  });
});

describe('an account that does not answer as it should', () => {
  const reads: [path: RegExp, permission: string][] = [
    [/access\/apps\?/, 'Access: Apps and Policies → Read'],
    [/access\/policies/, 'Access: Apps and Policies → Read'],
    [/access\/organizations/, 'Access: Organizations, Identity Providers, and Groups → Read'],
    [/devices\/posture/, 'Zero Trust → Read'],
    [/access\/apps\/.*policies/, 'Access: Apps and Policies → Read'],
    [/gateway\/lists/, 'Zero Trust → Read'],
  ];

  it.each(reads)('names the permission that %s needs', async (path, permission) => {
    const { cf, cloudflare } = await start();
    cf.faults.add({ path, status: 403 });

    const failure = await failureOf(cloudflare.snapshot());

    expect(failure).toMatchObject({ name: 'PermanentError', code: 'cloudflare-permission-missing' });
    expect(failure.message).toContain(permission);
  });

  it.each(reads)('notices success:false for %s', async (path) => {
    const { cf, cloudflare } = await start();
    cf.faults.add({ path, successFalse: true });

    const failure = await failureOf(cloudflare.snapshot());

    expect(failure).toMatchObject({ name: 'PermanentError', code: 'cloudflare-refused' });
  });

  it.each(reads)('passes on a pause for %s', async (path) => {
    const { cf, cloudflare } = await start();
    cf.faults.add({ path, status: 429, retryAfterSeconds: 60 });

    const failure = await failureOf(cloudflare.snapshot());

    expect(failure).toMatchObject({ name: 'TransientError', retryAfterMs: 60_000 });
  });

  it('has no team name before Zero Trust is set up', async () => {
    const { cf, cloudflare } = await start();
    cf.faults.add({
      path: 'access/organizations',
      mangle: () => ({ success: true, errors: [], messages: [], result: null }),
    });

    const failure = await failureOf(cloudflare.snapshot());

    expect(failure.code).toBe('missing-organization');
    cf.violations.length = 0;
  });
});

it('takes names in any spelling for every decider', async () => {
  const house = await start({ seed: { emailList: true } });
  const deciders: Deciders = {
    app: ' OPEN chat studio ',
    policy: 'TEAM ACCESS',
    enrolmentPolicy: 'who may enrol',
    postureRule: 'lantern LAPTOP',
    emailList: 'open chat studio PEOPLE',
  };

  await expect(house.decided(deciders).snapshot()).resolves.toMatchObject({ allow: { name: 'Team access' } });
});
