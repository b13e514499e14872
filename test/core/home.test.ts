import { describe, expect, it } from 'vitest';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import { concernedBy, gatherHomes, rememberHome, type HomeFacts } from '../../src/core/home.ts';
import { SYSTEM } from '../../src/core/person.ts';
import type { Cloudflare } from '../../src/core/ports.ts';
import type { Stay } from '../../src/core/stay.ts';
import { aClock } from '../builders/a-clock.ts';
import { A_DAY } from '../builders/a-house.ts';
import { ANA, aRequest, ASKED_AT, BEN, CARA, done, running } from '../builders/a-request.ts';
import { aDevice, aSnapshot } from '../builders/a-snapshot.ts';
import { createMemoryCloudflare } from '../builders/memory-cloudflare.ts';
import { createMemoryStore } from '../builders/memory-store.ts';

const down = async (): Promise<never> => {
  throw new TransientError('Cloudflare does not answer.', { code: 'cloudflare-down' });
};

const undecidedIsRefused: Cloudflare['snapshot'] = async (scope) => {
  if (scope?.undecided === 'first') return aSnapshot({ devices: [aDevice()] });
  throw new PermanentError('The application has several Allow policies.', { code: 'several-candidates' });
};

function aStay(days: number, changes: Partial<Stay> = {}): Stay {
  return { person: ANA, endsAt: ASKED_AT + days * A_DAY, requestId: 'REQ-0100', since: ASKED_AT, told: [], ...changes };
}

/** Ana has a device here; Cara is an approver. Both have opened their Home tab. */
async function aHome(changes: Partial<Cloudflare> = {}) {
  const clock = aClock();
  const store = createMemoryStore(clock);
  const people = [ANA, BEN, CARA].map((person) => ({ email: undefined, ...person }));
  const cloudflare = createMemoryCloudflare(aSnapshot({ devices: [aDevice()] }));
  const dependencies = {
    store,
    stays: store,
    clock,
    settings: { allowSelfApproval: false },
    cloudflare: {
      ...cloudflare,
      tunnels: async () => [{ id: 'tunnel-ocs', name: 'ocs', status: 'healthy' as const }],
      ...changes,
    },
    directory: {
      approvers: async () => new Set([CARA.slackId]),
      find: async (slackId: string) => {
        const found = people.find((person) => person.slackId === slackId);
        if (found === undefined) throw new TransientError('Slack does not answer.', { code: 'slack-down' });
        const actor = { teamId: BEN.teamId, ...found };
        return { actor, member: { slackId, teamId: BEN.teamId, standing: 'member' as const } };
      },
    },
  };
  for (const { slackId } of [ANA, CARA]) await rememberHome(store, slackId);
  const put = (id: string, request: Parameters<typeof aRequest>[0]) =>
    store.commit({ request: aRequest({ id, version: 0, ...request }), audit: [], effects: [] });
  const gatherAll = (...slackIds: string[]) => gatherHomes(dependencies, slackIds);
  const gather = async (slackId: string): Promise<HomeFacts | undefined> => {
    const [home] = (await gatherAll(slackId)).homes;
    return home === undefined || 'refusal' in home ? undefined : home;
  };
  return { clock, store, cloudflare, dependencies, put, gather, gatherAll };
}

describe('the Home tab', () => {
  it('shows a member their devices, their end date and what they asked for', async () => {
    const { gather, put, store } = await aHome();
    await store.putStay(aStay(20));
    await put('REQ-0001', { requester: { ...ANA, teamId: BEN.teamId }, status: 'waiting' });
    await put('REQ-0002', { requester: { ...ANA, teamId: BEN.teamId }, ...running });
    await put('REQ-0003', { requester: { ...ANA, teamId: BEN.teamId }, ...done });
    await put('REQ-0004', { requester: BEN });

    const facts = await gather(ANA.slackId);

    expect(facts).toMatchObject({
      slackId: ANA.slackId,
      isApprover: false,
      devices: [{ name: 'Ana’s MacBook', owner: { email: ANA.email }, others: [] }],
      endsAt: ASKED_AT + 20 * A_DAY,
      waiting: [],
      ending: [],
      at: ASKED_AT,
    });
    expect(facts?.own.map(({ id }) => id)).toEqual(['REQ-0001', 'REQ-0002']);
    expect(facts?.tunnels).toBeUndefined();
  });

  it('shows an approver what waits, whose access ends soon, and the tunnel', async () => {
    const { gather, put, store } = await aHome();
    await put('REQ-0002', { createdAt: ASKED_AT - 1000 });
    await put('REQ-0001', {});
    await put('REQ-0003', { status: 'waiting' });
    await put('REQ-0004', { expiresAt: ASKED_AT });
    await store.putStay(aStay(14));
    await store.putStay(aStay(2, { person: { email: 'nils@partner.example' } }));
    await store.putStay(aStay(14.1, { person: { email: 'late@partner.example' } }));

    const facts = await gather(CARA.slackId);

    expect(facts).toMatchObject({ isApprover: true, tunnels: [{ id: 'tunnel-ocs', name: 'ocs', status: 'healthy' }] });
    expect(facts?.waiting.map(({ id }) => id)).toEqual(['REQ-0002', 'REQ-0001']);
    expect(facts?.ending.map(({ person }) => person.email)).toEqual(['nils@partner.example', ANA.email]);
  });

  it('reads only the devices of that person', async () => {
    const { gather, cloudflare } = await aHome();

    await gather(ANA.slackId);

    expect(cloudflare.calls).toHaveLength(1);
    expect(await gather(CARA.slackId)).toMatchObject({ devices: undefined });
  });

  it('of an approver leaves out what they asked for themselves, gain by or have approved', async () => {
    const { gather, put } = await aHome();
    const cara = { ...CARA, teamId: BEN.teamId };
    await put('REQ-0001', { requester: cara });
    await put('REQ-0002', { beneficiaries: [{ ...CARA, email: 'cara@lanternhealth.example' }] });
    const approval = { by: cara, at: ASKED_AT, planHash: 'f'.repeat(64), ownRequest: false };
    await put('REQ-0003', { approvalsNeeded: 2, approvals: [approval] });
    await put('REQ-0004', {});

    expect((await gather(CARA.slackId))?.waiting.map(({ id }) => id)).toEqual(['REQ-0004']);
  });

  it('of several people is read from the account once', async () => {
    const { gatherAll, cloudflare } = await aHome();

    const { homes } = await gatherAll(ANA.slackId, BEN.slackId, CARA.slackId);

    expect(homes.map(({ slackId }) => slackId)).toEqual([ANA.slackId, CARA.slackId]);
    expect(cloudflare.calls).toHaveLength(1);
  });

  it('of several approvers shows the same end dates, read once', async () => {
    const { dependencies, store } = await aHome();
    await rememberHome(store, BEN.slackId);
    await store.putStay(aStay(2));
    let reads = 0;
    const stays = () => {
      reads += 1;
      return store.stays();
    };
    const directory = { ...dependencies.directory, approvers: async () => new Set([BEN.slackId, CARA.slackId]) };

    const ids = [ANA, BEN, CARA].map(({ slackId }) => slackId);
    const { homes } = await gatherHomes({ ...dependencies, directory, stays: { ...store, stays } }, ids);

    expect(reads).toBe(1);
    expect(homes.map((home) => 'ending' in home && home.ending.length)).toEqual([0, 1, 1]);
  });

  it('shows devices also where nobody has decided yet which policy people are put into', async () => {
    const { gather } = await aHome({ snapshot: undecidedIsRefused });

    expect((await gather(ANA.slackId))?.devices).toHaveLength(1);
  });

  it('of one whom Slack does not know now keeps no other from being read', async () => {
    const { gatherAll, store } = await aHome();
    await rememberHome(store, 'U0NOBODY');

    const { homes, failures } = await gatherAll('U0NOBODY', ANA.slackId);

    expect(homes.map(({ slackId }) => slackId)).toEqual([ANA.slackId]);
    expect(failures).toEqual([expect.objectContaining({ code: 'slack-down' })]);
  });

  it('is nothing for somebody who has never opened it', async () => {
    const { gather, cloudflare } = await aHome();

    expect(await gather(BEN.slackId)).toBeUndefined();
    expect(cloudflare.calls).toEqual([]);
  });

  it('has gaps while Cloudflare does not answer, and the rest all the same', async () => {
    const { gather, put, store } = await aHome({ snapshot: down, tunnels: down });
    await put('REQ-0001', {});
    await store.putStay(aStay(20));

    expect(await gather(ANA.slackId)).toMatchObject({ devices: undefined, endsAt: ASKED_AT + 20 * A_DAY });
    expect(await gather(CARA.slackId)).toMatchObject({ tunnels: undefined, waiting: [{ id: 'REQ-0001' }] });
  });
});

describe('a request concerns', () => {
  it('whoever asked, whom it is about and the approvers, each once', () => {
    const request = aRequest({ requester: BEN, about: [ANA, { email: 'sam@partner.example' }] });

    expect(concernedBy(request, new Set([CARA.slackId, BEN.slackId]))).toEqual([
      BEN.slackId,
      ANA.slackId,
      CARA.slackId,
    ]);
  });

  it('the bot itself never', () => {
    expect(concernedBy(aRequest({ requester: SYSTEM, about: [ANA], beneficiaries: [] }), [])).toEqual([ANA.slackId]);
  });
});
