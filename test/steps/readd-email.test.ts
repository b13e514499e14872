import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PermanentError, TransientError } from '../../src/core/errors.ts';
import { readdEmail } from '../../src/steps/readd-email.ts';
import { readdItem } from '../../src/steps/readd-item.ts';
import { addresses, aPolicy, email, emailList } from '../builders/a-policy.ts';
import { ANA, CARA } from '../builders/a-request.ts';
import { aRun, type Run } from '../builders/a-run.ts';
import { anEmailList, anItem, aSnapshot } from '../builders/a-snapshot.ts';
import { anAccount } from '../builders/an-account.ts';
import { aFuse, Killed } from '../builders/fuse.ts';

const REF = { kind: 'reusable', id: 'policy-team' } as const;
const inPolicy = readdEmail.bind({ policy: REF, policyName: 'Team', opens: 'Open Chat Studio', email: ANA.email });
const NOTED = 'Ana Souza · REQ-0001 · 2026-01-01';
const inList = readdItem.bind({
  listId: 'list-people',
  listName: 'Colleagues',
  email: ANA.email,
  description: NOTED,
});

/** Ana stands in the policy and in the list that it reads, beside others. */
function bothWays(include = [...addresses(2), ANA.email]) {
  return aSnapshot({
    allow: aPolicy({ include: [...include.map(email), emailList('list-people')] }),
    emailLists: [anEmailList([anItem('kim@x.example'), anItem('Ana.Souza@LanternHealth.example', NOTED)])],
  });
}

const anOut = { part: 'include', emails: [ANA.email], present: false };
const WRITE_OUT = `writePolicy policy-team ${JSON.stringify(anOut)}`;
const WRITE_IN = `writePolicy policy-team ${JSON.stringify({ ...anOut, present: true })}`;
const LIST_OUT = 'removeFromList list-people Ana.Souza@LanternHealth.example';
const LIST_IN = `addToList list-people ${ANA.email}`;

it('says what it does and where a person has to look', () => {
  expect([inPolicy, inList].map(({ says, byHand, resources }) => [says, byHand, resources])).toMatchInlineSnapshot(`
    [
      [
        "Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio) and put it in again",
        "Zero Trust dashboard → Access controls → Policies → Team: ana.souza@lanternhealth.example has to be under Include",
        [
          "policy-policy-team",
        ],
      ],
      [
        "Take ana.souza@lanternhealth.example out of the list “Colleagues” and put it in again",
        "Zero Trust dashboard → Reusable components → Lists → Colleagues: ana.souza@lanternhealth.example has to be in it",
        [
          "list-list-people",
        ],
      ],
    ]
  `);
});

describe('one after the other', () => {
  it('takes the address out of the policy and puts it in again, with all other rules as they were', async () => {
    const { context, cloudflare } = anAccount(bothWays());

    const view = await inPolicy.look(context);
    await view.apply();

    expect(view).toMatchObject({ holds: false, touches: [ANA.email] });
    expect(cloudflare.writes).toEqual([WRITE_OUT, WRITE_IN]);
    expect(cloudflare.peopleOf('policy-team').toSorted()).toEqual([...addresses(2), ANA.email].toSorted());
    expect((await cloudflare.readPolicy(REF)).include).toContainEqual(emailList('list-people'));
  });

  it('does the same in a list, whose note beside it stays', async () => {
    const { context, cloudflare } = anAccount(bothWays());

    await (await inList.look(context)).apply();

    expect(cloudflare.writes).toEqual([LIST_OUT, LIST_IN]);
    expect((await cloudflare.readList('list-people')).items).toEqual([
      anItem('kim@x.example'),
      anItem(ANA.email, NOTED),
    ]);
  });

  it('keeps what somebody else writes into the policy between the two', async () => {
    const { context, cloudflare } = anAccount(bothWays());
    cloudflare.intercept('after', (call) => {
      if (call === WRITE_OUT) cloudflare.change('policy-team', { include: [email('new@x.example')] });
    });

    await (await inPolicy.look(context)).apply();

    expect(cloudflare.peopleOf('policy-team')).toEqual(['new@x.example', ANA.email]);
  });

  it('leaves out whom somebody else took out before it began', async () => {
    const { context, cloudflare } = anAccount(aSnapshot());

    expect(await inPolicy.look(context)).toMatchObject({
      holds: true,
      notes: ['ana.souza@lanternhealth.example was taken out of the policy “Team” meanwhile, and stays out.'],
    });
    expect(cloudflare.writes).toEqual([]);
  });

  it('leaves out whom somebody else took out of the list before it began', async () => {
    const { context } = anAccount(aSnapshot({ emailLists: [anEmailList()] }));

    expect(await inList.look(context)).toMatchObject({ holds: true, notes: [expect.stringMatching(/stays out/)] });
  });

  it('leaves the only rule of a policy in it', async () => {
    const { context } = anAccount(aSnapshot({ allow: aPolicy({ include: [email(ANA.email)] }) }));

    expect(await inPolicy.look(context)).toMatchObject({
      holds: true,
      notes: [
        'ana.souza@lanternhealth.example stays in the policy “Team”: it is the only rule there, and a policy can’t be without one.',
      ],
    });
  });

  it('never holds once it has begun, so that a second run does it again rather than trust the first', async () => {
    const { context } = anAccount(bothWays());
    expect(await inPolicy.look({ ...context, hasBegun: true })).toMatchObject({ holds: false, touches: [ANA.email] });
    expect(await inList.look({ ...context, hasBegun: true })).toMatchObject({ holds: false, touches: [ANA.email] });
  });

  it('fails for another try if Cloudflare shows it still in', async () => {
    const { context, cloudflare } = anAccount(bothWays());
    cloudflare.intercept('after', (call) => {
      if (call === WRITE_OUT) cloudflare.change('policy-team', { include: [email(ANA.email)] });
      if (call === LIST_OUT) cloudflare.put('list-people', ANA.email);
    });

    await expect((await inPolicy.look(context)).apply()).rejects.toMatchObject({ code: 'not-read-back' });
    await expect((await inList.look(context)).apply()).rejects.toMatchObject({ code: 'not-read-back' });
  });
});

function aReset(): Promise<Run> {
  return aRun({
    snapshot: bothWays(),
    action: 'otp-reset',
    by: CARA,
    input: { person: ANA, readd: true, reason: 'No code arrives.' },
  });
}
function whereIs({ cloudflare }: Run) {
  return {
    policy: cloudflare.peopleOf('policy-team').filter((one) => one === ANA.email).length,
    list: cloudflare.valuesOf('list-people').filter((one) => one.toLowerCase() === ANA.email).length,
    others: cloudflare.peopleOf('policy-team').length + cloudflare.valuesOf('list-people').length,
  };
}

describe('as a request that runs', () => {
  const IN = { policy: 1, list: 1, others: 5 };
  const RUN_WRITES = [`revokeSessions ${ANA.email} keepDevices`, WRITE_OUT, WRITE_IN, LIST_OUT, LIST_IN];

  it('ends the sessions, takes it out and puts it in, and tells the person, in this order', async () => {
    const run = await aReset();

    const { request } = await run.run();

    expect(request.status).toBe('done');
    expect(run.cloudflare.writes[0]).toBe(RUN_WRITES[0]);
    expect(run.cloudflare.writes.toSorted()).toEqual(RUN_WRITES.toSorted());
    expect(whereIs(run)).toEqual(IN);
    expect([...run.posted]).toEqual([
      [
        `otp-help-REQ-0001-${ANA.slackId}`,
        expect.objectContaining({ kind: 'otp-help', wasReset: true, slackId: ANA.slackId, email: ANA.email }),
      ],
    ]);
  });

  it('has the address in at the end wherever a worker is killed', async () => {
    const whole = aFuse(Infinity);
    await (await aReset()).worker(whole)('REQ-0001');
    expect(whole.passed).toBeGreaterThan(40);

    for (let at = 1; at <= whole.passed; at += 1) {
      const run = await aReset();
      await expect(run.worker(aFuse(at))('REQ-0001'), `killed at ${at}`).rejects.toBeInstanceOf(Killed);
      const { request } = await run.run();
      expect({ at, status: request.status, ...whereIs(run) }).toEqual({ at, status: 'done', ...IN });
    }
  });

  it('has it in after several kills too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 6 }), async (kills) => {
        const run = await aReset();
        for (const at of kills)
          await run
            .worker(aFuse(at))('REQ-0001')
            .catch(() => {});
        await run.run();
        expect(whereIs(run)).toEqual(IN);
      }),
      { numRuns: 60 },
    );
  });

  const down = new TransientError('Cloudflare did not answer.', { code: 'cloudflare-unavailable' });
  const refused = new PermanentError('Cloudflare refused it.', { code: 'cloudflare-refused' });
  const calls = ['readPolicy policy-team', WRITE_OUT, WRITE_IN, 'readList list-people', LIST_OUT, LIST_IN];
  const cases = calls.flatMap((call) =>
    (['before', 'after'] as const).flatMap((when) =>
      [1, 2, 3].flatMap((nth) => [
        { call, when, nth, times: 1, error: down },
        { call, when, nth, times: 4, error: down },
        { call, when, nth, times: 7, error: down },
        { call, when, nth, times: 1, error: refused },
        { call, when, nth, times: 2, error: refused },
      ]),
    ),
  );

  /** The call fails from its nth time on, so many times. */
  function failFor(run: Run, { call, when, nth, times, error }: (typeof cases)[number]): void {
    let seen = 0;
    run.cloudflare.intercept(when, (one) => {
      if (one !== call) return;
      seen += 1;
      if (seen >= nth && seen < nth + times) throw error;
    });
  }

  it('has the address in at the end, or the operator knows, whatever call fails and however often', async () => {
    const ends = new Set<string>();
    for (const fault of cases) {
      const run = await aReset();
      failFor(run, fault);
      const { request } = await run.run({ atMost: 200 });
      const isStuck = request.steps.some(({ state }) => state === 'undo-failed');
      const alerts = run.store.effects.filter((one) => one.kind === 'post' && one.post.kind === 'operator-alert');
      ends.add(`${request.status}${isStuck ? ', not put back' : ''}`);

      expect(alerts.length, JSON.stringify(fault)).toBe(isStuck ? 1 : 0);
      if (!isStuck) expect({ fault, ...whereIs(run) }).toEqual({ fault, ...IN });
    }
    expect(ends).toMatchInlineSnapshot(`
      Set {
        "done",
        "failed",
        "failed, not put back",
      }
    `);
  });

  it('tries for ten minutes to put it back, and then tells the operator where', async () => {
    const run = await aReset();
    failFor(run, { call: WRITE_IN, when: 'before', nth: 1, times: 1000, error: down });

    const { request } = await run.run();

    expect(request.status).toBe('failed');
    expect(run.cloudflare.calls).not.toContain(WRITE_IN);
    expect(run.told().at(-2)).toMatchInlineSnapshot(
      `"Could not put back: Take ana.souza@lanternhealth.example out of the policy “Team” (Open Chat Studio) and put it in again. Cloudflare did not answer. Tried 24 times. By hand: Zero Trust dashboard → Access controls → Policies → Team: ana.souza@lanternhealth.example has to be under Include."`,
    );
    expect(run.store.effects.at(-1)).toMatchObject({ post: { kind: 'operator-alert' } });
  });

  it('leaves the way that is whole again out of it when the other one fails, whatever became of that since', async () => {
    const run = await aReset();
    let tries = 0;
    run.cloudflare.intercept('before', (call) => {
      if (call !== LIST_OUT) return;
      tries += 1;
      // The policy is done by then, and somebody writes it in the dashboard.
      if (tries === 6) run.cloudflare.change('policy-team', { include: [email('new@x.example')] });
      throw down;
    });

    const { request } = await run.run();

    expect(request.steps.map(({ state, changed }) => ({ state, changed }))).toMatchObject([
      { state: 'done' },
      { state: 'done', changed: true },
      { state: 'failed', changed: false },
      { state: 'skipped' },
    ]);
    expect(run.told().filter((says) => says.includes('policy “Team”'))).toEqual([
      expect.stringMatching(/^Done: Take ana.souza@lanternhealth.example out of the policy “Team”/),
    ]);
    expect(run.cloudflare.peopleOf('policy-team')).toEqual(['new@x.example']);
  });

  it('puts it back once Cloudflare takes it again, after the request was given up', async () => {
    const run = await aReset();
    failFor(run, { call: WRITE_IN, when: 'before', nth: 1, times: 20, error: down });

    const { request } = await run.run();

    expect(request.status).toBe('failed');
    expect(whereIs(run)).toEqual(IN);
    expect(run.told()).toContainEqual(expect.stringMatching(/^Put back: Take .* out of the policy “Team”/));
  });
});
