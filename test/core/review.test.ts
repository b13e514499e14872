import { accessFacts, type AccessChange } from '../../src/core/access-change.ts';
import { describe, expect, it } from 'vitest';
import type { AuditFacts } from '../../src/core/audit.ts';
import { PermanentError } from '../../src/core/errors.ts';
import { insidersOf } from '../../src/core/insiders.ts';
import type { SeenBefore } from '../../src/core/logs.ts';
import { dueReview } from '../../src/core/review-due.ts';
import { reviewOf, type ReviewedWeek } from '../../src/core/review-of.ts';
import { ownerlessSerials, reviewPeople, type ReviewFacts } from '../../src/core/review-people.ts';
import { readGiven } from '../../src/core/review-since.ts';
import { widePolicies } from '../../src/core/review-wide.ts';
import type { Given } from '../../src/core/review.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { aClock } from '../builders/a-clock.ts';
import { addresses, aPolicy, domain, email, emailList, everyone, group, other } from '../builders/a-policy.ts';
import { ANA, ASKED_AT } from '../builders/a-request.ts';
import {
  aDevice,
  anEmailList,
  anEnrolment,
  anEnrolmentPolicy,
  anItem,
  aRegistration,
  aSerialList,
  aSnapshot,
  aUser,
} from '../builders/a-snapshot.ts';
import { createMemoryStore } from '../builders/memory-store.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = ASKED_AT;
const BEN = { email: 'ben.okafor@lanternhealth.example' };
const CARA = { email: 'cara.lindqvist@lanternhealth.example' };

function seen(address: string, lastAt: number): SeenBefore {
  return { email: address, countries: [], devices: [], lastAt };
}

function facts(snapshot: Snapshot, changes: Partial<ReviewFacts> = {}): ReviewFacts {
  return { snapshot, insiders: insidersOf(snapshot), given: new Map(), seenBefore: [], stays: [], ...changes };
}

function given(entries: Readonly<Record<string, number>>): Map<string, Given> {
  return new Map(Object.entries(entries).map(([address, at]) => [address, { at, requestId: 'REQ-0007' }]));
}

function made(reviewed: ReviewFacts, changes: Partial<ReviewedWeek> = {}) {
  const week = { week: '2026-11-23', timeZone: 'Europe/Zurich', dueAt: NOW, now: NOW, notes: [], ...changes };
  return reviewOf(reviewed, week);
}

/** Lets in exactly these, to the application and to enrolment. */
function letting(...people: readonly string[]): Partial<Snapshot> {
  const allow = aPolicy({ include: people.map(email) });
  return { allow, policies: [allow], enrolment: anEnrolment(anEnrolmentPolicy({ include: people.map(email) })) };
}

function due(now: string, lastWeek = '2026-11-16', timeZone = 'Europe/Zurich') {
  return dueReview({ now: Date.parse(now), at: { hour: 8, minute: 0 }, timeZone, lastWeek });
}

function firstLook(now: string) {
  const at = { hour: 8, minute: 0 };
  return dueReview({ now: Date.parse(now), at, timeZone: 'Europe/Zurich', lastWeek: undefined });
}

function aHistory() {
  const clock = aClock();
  const store = createMemoryStore(clock);
  let requests = 0;
  const note = async (changes: Partial<AuditFacts>): Promise<void> => {
    const actor = { slackId: 'system', teamId: 'system', name: 'ocs-access' };
    const entry = { at: clock.now(), actor, people: [ANA.email], says: 'So it was.', facts: {}, ...changes };
    await store.commit({ audit: [{ kind: 'run.step', ...entry }], effects: [] });
    clock.advance(DAY);
  };
  /** From the asking to the end. Resolves to the request and when it ended. */
  async function done(access: AccessChange | undefined, people = [ANA.email]): Promise<Given> {
    requests += 1;
    const requestId = `REQ-${requests}`;
    const told = { people, requestId, facts: accessFacts({ access }) };
    await note({ kind: 'request.asked', people, requestId });
    await note({ kind: 'run.started', ...told });
    const at = clock.now();
    await note({ kind: 'run.finished', ...told });
    return { at, requestId };
  }
  return { store, note, done };
}

const signs = (reviewed: ReviewFacts) => new Map(reviewPeople(reviewed).map((one) => [one.email, one.seen]));

const wide = (changes: Partial<Parameters<typeof aPolicy>[0]>, more: Partial<Snapshot> = {}) => {
  const allow = aPolicy(changes);
  return widePolicies(aSnapshot({ allow, policies: [allow], enrolment: undefined, ...more }));
};

describe('when it is due', () => {
  it('on Monday from that time on', () => {
    expect(due('2026-11-23T06:59:59Z')).toEqual({ kind: 'not-due' });
    expect(due('2026-11-23T07:00:00Z')).toEqual({
      kind: 'due',
      week: '2026-11-23',
      dueAt: Date.parse('2026-11-23T07:00:00Z'),
    });
  });

  it('until Sunday night, if it was missed, and not in the week after', () => {
    expect(due('2026-11-29T22:59:59Z')).toMatchObject({ kind: 'due', week: '2026-11-23' });
    expect(due('2026-11-29T23:00:00Z')).toEqual({ kind: 'not-due' });
    expect(due('2026-11-30T07:00:00Z')).toMatchObject({ kind: 'due', week: '2026-11-30' });
  });

  it('once a week', () => {
    expect(due('2026-11-23T07:00:00Z', '2026-11-23')).toEqual({ kind: 'not-due' });
    expect(due('2026-11-27T07:00:00Z', '2026-11-23')).toEqual({ kind: 'not-due' });
  });

  it('never again for a week that a clock that was ahead has settled', () => {
    expect(due('2026-11-23T07:00:00Z', '2026-11-30')).toEqual({ kind: 'not-due' });
  });

  it('at the same time on the clock, whether or not it was put forward or back the day before', () => {
    // Clocks in Zurich: put forward on Sunday 29 March 2026, back on Sunday 25 October 2026.
    expect(due('2026-03-30T05:59:59Z', '2026-03-23')).toEqual({ kind: 'not-due' });
    expect(due('2026-03-30T06:00:00Z', '2026-03-23')).toMatchObject({ week: '2026-03-30' });
    expect(due('2026-10-26T06:59:59Z', '2026-10-19')).toEqual({ kind: 'not-due' });
    expect(due('2026-10-26T07:00:00Z', '2026-10-19')).toMatchObject({ week: '2026-10-26' });
  });

  it('on the Monday of the time zone, not on that of Greenwich', () => {
    expect(due('2026-11-22T19:00:00Z', '2026-11-16', 'Pacific/Auckland')).toMatchObject({ week: '2026-11-23' });
    expect(due('2026-11-23T15:59:59Z', '2026-11-16', 'America/Los_Angeles')).toEqual({ kind: 'not-due' });
  });

  it('for the first time on the Monday after the bot has begun', () => {
    expect(firstLook('2026-11-25T12:00:00Z')).toEqual({ kind: 'first-look', settled: '2026-11-23' });
    expect(firstLook('2026-11-23T06:00:00Z')).toEqual({ kind: 'first-look', settled: '2026-11-16' });
    expect(firstLook('2026-11-23T08:00:00Z')).toEqual({ kind: 'first-look', settled: '2026-11-23' });
  });
});

describe('since when somebody has access', () => {
  it('from the request that gave it, not from later ones', async () => {
    const { store, done } = aHistory();
    const first = await done('given');
    await done('given');
    await done('device-replaced');
    await done(undefined);
    const many = await done('given', [ANA.email, BEN.email]);

    expect((await readGiven(store)).given).toEqual(
      new Map([
        [ANA.email, first],
        [BEN.email, many],
      ]),
    );
  });

  it('anew after it was taken away, or given back', async () => {
    const { store, done, note } = aHistory();
    await done('given');
    await done('taken-away');
    expect((await readGiven(store)).given).toEqual(new Map());
    const again = await done('given');
    expect((await readGiven(store)).given).toEqual(new Map([[ANA.email, again]]));
    await done('device-lost');
    const back = await done('given-back');
    expect((await readGiven(store)).given).toEqual(new Map([[ANA.email, back]]));
    await note({ kind: 'stay.ended' });
    expect((await readGiven(store)).given).toEqual(new Map());
  });

  it('is not changed by a request that takes devices alone, that failed or that was denied', async () => {
    const { store, done, note } = aHistory();
    const first = await done('given');
    await done(undefined);
    await note({ kind: 'run.failed', action: 'revoke', requestId: 'REQ-7' });
    await note({ kind: 'request.denied', action: 'revoke', requestId: 'REQ-8' });

    expect((await readGiven(store)).given).toEqual(new Map([[ANA.email, first]]));
  });

  it('is the same when it is read in two parts, between which a request is under way', async () => {
    const { store, done, note } = aHistory();
    await done('given');
    const told = { requestId: 'REQ-9', facts: accessFacts({ access: 'taken-away' }) };
    await note({ kind: 'run.started', ...told });
    const { soFar } = await readGiven(store);
    await note({ kind: 'run.finished', ...told });
    await done('given', [BEN.email]);

    const readOn = await readGiven(store, soFar);

    expect([...readOn.given.keys()]).toEqual([BEN.email]);
    expect(readOn).toEqual(await readGiven(store));
  });

  it('is read from the beginning if the log was replaced by a shorter one', async () => {
    const { store, done } = aHistory();
    const first = await done('given');

    const { given: access } = await readGiven(store, { next: 99, given: [[BEN.email, first]] });

    expect(access).toEqual(new Map([[ANA.email, first]]));
  });

  it('goes as far as the log can be read', async () => {
    const { store, done } = aHistory();
    const first = await done('given');
    const broken = new PermanentError('Entry 4 of the audit log can’t be read.', { code: 'audit-broken' });
    const damaged: Pick<typeof store, 'auditEntries' | 'auditHead'> = {
      auditHead: () => store.auditHead(),
      async *auditEntries(from) {
        yield* store.auditEntries(from);
        throw broken;
      },
    };

    const { given: access, problem, soFar } = await readGiven(damaged);

    expect(access).toEqual(new Map([[ANA.email, first]]));
    expect(problem).toBe(broken.message);
    expect(soFar.next).toBe(4);
  });
});

describe('the last sign of somebody', () => {
  const snapshot = aSnapshot({
    ...letting(ANA.email, BEN.email),
    users: [aUser({ lastLoginAt: NOW - 3 * DAY })],
    devices: [
      aDevice({
        lastSeenAt: NOW - 2 * DAY,
        emails: [ANA.email, BEN.email],
        registrations: [aRegistration(), aRegistration({ id: 'registration-2', email: BEN.email })],
      }),
    ],
  });
  it('is the newest of all, with what it is from', () => {
    expect(signs(facts(snapshot)).get(ANA.email)).toEqual({ at: NOW - 2 * DAY, from: 'device Ana’s MacBook' });
    const log = signs(facts(snapshot, { seenBefore: [seen(ANA.email, NOW - DAY)] }));
    expect(log.get(ANA.email)).toEqual({ at: NOW - DAY, from: 'Access log' });
    const user = aUser({ lastLoginAt: NOW });
    expect(signs(facts({ ...snapshot, users: [user] })).get(ANA.email)).toEqual({
      at: NOW,
      from: 'sign-in at Cloudflare',
    });
  });

  it('is not the use of a shared device by somebody else', () => {
    expect(signs(facts(snapshot)).get(BEN.email)).toBeUndefined();
  });
});

describe('the list', () => {
  it('has of each what they have, until when and by which rules', () => {
    const allow = aPolicy({ include: [email(ANA.email), domain('@lanternhealth.example')] });
    const snapshot = aSnapshot({
      allow,
      policies: [
        allow,
        aPolicy({ ref: { kind: 'reusable', id: 'policy-idp' }, name: 'IdP', include: [other('okta')] }),
      ],
      enrolment: anEnrolment(anEnrolmentPolicy({ include: [email(ANA.email)] })),
      posture: {
        ruleId: 'posture-serials',
        name: 'Known laptops',
        list: aSerialList([anItem('C02XK0AZJG5J', `Ana <${ANA.email}>`), anItem('PF9', `Ana <${ANA.email}>`)]),
      },
      users: [aUser()],
      devices: [aDevice({ lastSeenAt: undefined })],
    });
    const stay = { person: { email: ANA.email }, endsAt: NOW + DAY, requestId: 'REQ-0009', since: NOW, told: [] };

    expect(reviewPeople(facts(snapshot, { given: given({ [ANA.email]: NOW }), stays: [stay] }))).toEqual([
      {
        email: ANA.email,
        name: ANA.name,
        since: { at: NOW, requestId: 'REQ-0007' },
        seen: undefined,
        endsAt: NOW + DAY,
        devices: ['Ana’s MacBook (C02XK0AZJG5J)'],
        serials: ['C02XK0AZJG5J', 'PF9'],
        policies: [
          `Enrol devices (device enrolment): the rule for ${ANA.email}`,
          `Team (Open Chat Studio): the rule for ${ANA.email}`,
          'IdP (Open Chat Studio): perhaps, it depends on a rule that can’t be read from here (okta)',
        ],
      },
    ]);
  });

  it('has somebody whom a domain rule lets in, once they have signed in', () => {
    const allow = aPolicy({ include: [domain('lanternhealth.example')] });
    const account = aSnapshot({ allow, policies: [allow], enrolment: undefined, posture: undefined });
    const known = { ...account, users: [aUser({ hasSeat: false, lastLoginAt: NOW })] };

    expect(made(facts(account)).review).toMatchObject({ people: 0, wide: [{ name: 'Team' }] });
    const { review, list } = made(facts(known));
    expect(review).toMatchObject({ people: 1, unseen: [], wide: [{ name: 'Team' }] });
    expect(list.people[0]?.policies).toEqual([
      'Team (Open Chat Studio): the rule for everybody at lanternhealth.example',
    ]);
  });

  it('counts apart who can’t come in and has a seat, a device or a serial number', () => {
    const snapshot = aSnapshot({
      ...letting(ANA.email),
      posture: {
        ruleId: 'posture-serials',
        name: 'Known laptops',
        list: aSerialList([anItem('PF1', `Cara <${CARA.email}>`)]),
      },
      users: [aUser({ id: 'user-ben', email: BEN.email, name: 'Ben' })],
      devices: [aDevice({ registrations: [aRegistration({ email: 'guest@partner.example' })] })],
    });

    const { review, list } = made(facts(snapshot, { seenBefore: [seen(ANA.email, NOW)] }));

    expect(review).toMatchObject({ people: 1, leftovers: 3, unseen: [] });
    expect(list.people.filter(({ policies }) => policies.length === 0).map((one) => one.email)).toEqual([
      BEN.email,
      CARA.email,
      'guest@partner.example',
    ]);
  });

  it('names serial numbers that nobody owns, and who uses them', () => {
    const list = aSerialList([
      anItem('PF1', 'Spare laptop in the cupboard'),
      anItem('c02xk0azjg5j '),
      anItem('PF3', ANA.email),
    ]);

    expect(ownerlessSerials({ posture: { ruleId: 'p', name: 'Known laptops', list }, devices: [aDevice()] })).toEqual([
      { serial: 'PF1', description: 'Spare laptop in the cupboard', usedBy: [] },
      { serial: 'c02xk0azjg5j ', description: '', usedBy: [ANA.email] },
    ]);
    expect(ownerlessSerials({ posture: undefined, devices: [] })).toEqual([]);
  });
});

describe('what nobody owns', () => {
  it('comes with what nobody uses first, cut to ten, with the rest counted', () => {
    const spare = Array.from({ length: 11 }, (_, index) => anItem(`SPARE${index}`));
    const list = aSerialList([anItem('C02XK0AZJG5J', 'Ana’s laptop'), ...spare]);
    const snapshot = aSnapshot({ posture: { ruleId: 'p', name: 'Known laptops', list }, devices: [aDevice()] });

    const { review, list: whole } = made(facts(snapshot));

    expect(review).toMatchObject({ serialList: 'Laptops', moreOwnerless: 2, ownerlessInUse: 1 });
    expect(review.ownerless).toEqual(spare.slice(0, 10).map(({ value }) => value));
    expect(whole.ownerless).toHaveLength(12);
  });
});

describe('who was not seen', () => {
  const [never, long, late, fresh, active] = addresses(5) as [string, string, string, string, string];
  const snapshot = aSnapshot({ ...letting(active, fresh, late, long, never), posture: undefined });

  it('comes with the longest away first, without those who were given access a moment ago', () => {
    const reviewed = facts(snapshot, {
      given: given({ [never]: NOW - 90 * DAY, [fresh]: NOW - 29 * DAY, [late]: NOW - 300 * DAY }),
      seenBefore: [seen(long, NOW - 200 * DAY), seen(late, NOW - 31 * DAY), seen(active, NOW - 29 * DAY)],
    });

    const { review } = made(reviewed);

    expect(review.people).toBe(5);
    expect(review.unseen.map((one) => one.email)).toEqual([never, long, late]);
    expect(review.unseen[0]).toMatchObject({ seen: undefined, since: { at: NOW - 90 * DAY } });
  });

  it('is cut to ten, with the rest counted', () => {
    const people = addresses(23);
    const { review, list } = made(facts(aSnapshot({ ...letting(...people), posture: undefined })));

    expect(review.unseen).toHaveLength(10);
    expect(review.moreUnseen).toBe(13);
    expect(list.people).toHaveLength(23);
  });
});

describe('policies that let in people whom nobody can list', () => {
  const staff = { id: 'group-staff', name: 'Staff', exclude: [], require: [] };

  it('are those with a domain, a service’s group or everyone', () => {
    expect(wide({ include: [domain('a.example'), other('github'), email(ANA.email), everyone] })).toEqual([
      {
        name: 'Team',
        opens: 'Open Chat Studio',
        rules: [
          'the rule for everybody at a.example',
          'a rule that can’t be read from here (github)',
          'the rule for everyone',
        ],
      },
    ]);
  });

  it('are not those whose people are spelled out, by themselves, in a list or in a group', () => {
    const groups = [{ ...staff, include: [email(ANA.email), emailList('list-people')] }];
    const known = { groups, emailLists: [anEmailList([anItem(BEN.email)])] };

    expect(wide({ include: [email(ANA.email), emailList('list-people'), group('group-staff')] }, known)).toEqual([]);
    expect(wide({ include: [domain('a.example')], require: [group('group-staff')] }, known)).toEqual([]);
  });

  it('are those with a group that is open, nested in itself or not there, or with a list that is not there', () => {
    const named = (groups: Snapshot['groups']) => wide({ include: [group('group-staff')] }, { groups })[0]?.rules;

    expect(named([{ ...staff, include: [domain('a.example')] }])).toEqual(['the group “Staff”']);
    expect(named([{ ...staff, include: [group('group-staff')] }])).toEqual(['the group “Staff”']);
    expect(named([])).toEqual(['the group “group-staff”']);
    expect(wide({ include: [emailList('gone')] })[0]?.rules).toEqual(['the e-mail list “gone”']);
  });
});

it('says that it is late from two hours on', () => {
  const reviewed = facts(aSnapshot());

  expect(made(reviewed, { dueAt: NOW - 2 * 60 * 60 * 1000 + 1 }).review.isLate).toBe(false);
  expect(made(reviewed, { dueAt: NOW - 2 * 60 * 60 * 1000 }).review.isLate).toBe(true);
});
