import { afterEach, describe, expect, it, vi } from 'vitest';
import { slash } from '../../src/commands/slash.ts';
import { TransientError } from '../../src/core/errors.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { aCall, aDesk, aDirectory, type DeskOptions } from '../builders/a-desk.ts';
import { aStay } from '../builders/a-plan.ts';
import { addresses, aPolicy, email, emailList, other } from '../builders/a-policy.ts';
import { ANA, aRequest, ASKED_AT, BEN } from '../builders/a-request.ts';
import { aDevice, anEmailList, anItem, aSerialList, aSnapshot, aUser } from '../builders/a-snapshot.ts';
import { aSessions, HOUR_MS } from '../builders/memory-settings.ts';
import { read } from '../slack/read.ts';

const DAY_MS = 24 * HOUR_MS;
const inside = aSnapshot({
  allow: aPolicy({ include: [...addresses(2), ANA.email].map(email) }),
  posture: {
    ruleId: 'posture-serials',
    name: 'Known laptops',
    list: aSerialList([anItem('PF4NEW99', `Ana Souza <${ANA.email}> · REQ-0002 · 2026-11-20`)]),
  },
  users: [aUser({ lastLoginAt: ASKED_AT - 12 * DAY_MS })],
  devices: [aDevice()],
});

type House = ReturnType<typeof aDesk>;

/** What Ana reads after `whoami`. */
async function asks(options: DeskOptions = {}, prepare: (house: House) => unknown = () => undefined) {
  const house = aDesk({ snapshot: inside, ...options });
  await prepare(house);
  const { call, replies } = aCall(ANA, 'whoami');
  await slash(house.desk, call);
  const [reply] = replies;
  return { ...house, text: reply === undefined ? '' : read(reply), reply };
}

function withChanges(changes: Partial<Snapshot>): DeskOptions {
  return { snapshot: { ...inside, ...changes } };
}

/** The lines about how long a sign-in lasts. */
async function lasting(sessions: Parameters<typeof aSessions>[0]): Promise<string[]> {
  const { text } = await asks(withChanges({ sessions: aSessions(sessions) }));
  return text.split('\n').filter((line) => /new code|WARP (signs|asks)/.test(line));
}

function down(): Promise<never> {
  return Promise.reject(new TransientError('Cloudflare did not answer.', { code: 'down' }));
}

afterEach(() => void vi.useRealTimers());

it('somebody with access reads what they have, and can report each computer lost', async () => {
  const { text, reply, account, store } = await asks();
  expect(text).toMatchInlineSnapshot(`
    "# ✅ You have access
    You are ana.souza@lanternhealth.example. The policy “Team” of Open Chat Studio lets you in.
    • Your access has no end date.
    • You last signed in 2026-11-09 11:00 UTC.
    • You are asked for a new code every 8 h.
    • WARP itself asks you to sign in every 24 h.
    • You need a known computer, with WARP switched on.
    Your computers
    • Ana’s MacBook · macOS · …JG5J, last seen 2026-11-21 10:00 UTC
    • PF4NEW99: registered, not connected yet
    [Report a lost device]
    (No sign-in code? Type /ocs-access otp.)"
  `);
  expect(reply?.text).toMatchInlineSnapshot(
    `"ana.souza@lanternhealth.example: The policy “Team” of Open Chat Studio lets you in."`,
  );
  expect(JSON.stringify(reply?.blocks)).toContain('"action_id":"open:lost"');
  expect(account.calls.toSorted()).toEqual([`accessEvents ${ANA.email}`, 'snapshot -']);
  expect(store.entries).toEqual([]);
});

it('until when, with a button to extend it', async () => {
  const { text } = await asks({}, ({ store }) => store.putStay(aStay('2026-12-24')));
  expect(text).toMatch(/Your access ends .*2026-12-24/);
  expect(text).toContain('[Extend]');
});

it('the newest sign-in counts, wherever it is known from', async () => {
  const event = { email: ANA.email, app: 'ocs', ip: '203.0.113.7' };
  const { text } = await asks({}, ({ account }) => {
    account.log({ ...event, at: ASKED_AT - HOUR_MS, allowed: false });
    account.log({ ...event, at: ASKED_AT - 2 * HOUR_MS, allowed: true });
  });
  expect(text).toMatch(/You last signed in .*2026-11-21 09:00/);
});

it('that Cloudflare knows of none', async () => {
  expect((await asks(withChanges({ users: [] }))).text).toContain(
    'You have not signed in yet, as far as Cloudflare knows.',
  );
});

describe('how long a sign-in lasts', () => {
  it('by the policy’s own length, by the application’s, by WARP', async () => {
    const own = {
      ref: { kind: 'reusable' as const, id: 'policy-team' },
      name: 'Team',
      ms: 4 * HOUR_MS,
      sharedWith: [],
    };
    expect([
      await lasting({}),
      await lasting({ policies: [own] }),
      await lasting({ policies: [{ ...own, ms: undefined }], warpNetwork: [] }),
      await lasting({ warpSignIn: { ms: 24 * HOUR_MS, isUsed: true }, warpNetwork: [] }),
      await lasting({ warpSignIn: { ms: undefined, isUsed: true }, warpNetwork: [] }),
    ]).toMatchInlineSnapshot(`
      [
        [
          "• You are asked for a new code every 8 h.",
        ],
        [
          "• You are asked for a new code every 4 h.",
        ],
        [
          "• You are asked for a new code every 8 h.",
        ],
        [
          "• WARP signs you in, without a code, for 24 h.",
        ],
        [],
      ]
    `);
  });
});

describe('somebody without access', () => {
  it('reads so, and can ask for it', async () => {
    const { text, reply } = await asks({ snapshot: aSnapshot() });
    expect(text).toMatchInlineSnapshot(`
      "# ❌ You have no access
      You are ana.souza@lanternhealth.example. No policy of Open Chat Studio lets you in.
      [Ask for access]
      (No sign-in code? Type /ocs-access otp.)"
    `);
    expect(JSON.stringify(reply?.blocks)).toContain('"action_id":"open:add","value":"me"');
  });

  it('reads what keeps them out', async () => {
    const allow = aPolicy({ include: [email(ANA.email)], exclude: [email(ANA.email)] });
    expect((await asks({ snapshot: aSnapshot({ allow }) })).text).toContain(
      'The policy “Team” would let you in, but the rule for ana.souza@lanternhealth.example in it keeps you out.',
    );
    const block = aPolicy({
      ref: { kind: 'app', appId: 'app-ocs', id: 'policy-block' },
      name: 'Keep out',
      decision: 'deny',
      include: [email(ANA.email)],
      require: [],
    });
    const plain = aPolicy();
    expect((await asks({ snapshot: aSnapshot({ allow: plain, policies: [plain, block] }) })).text).toContain(
      'The policy “Keep out” blocks you.',
    );
    const both = await asks({ snapshot: { ...inside, policies: [...inside.policies, block] } });
    expect(both.text).toContain('lets you in and the policy “Keep out” blocks you');
  });

  it.each([
    ['lets people in', { include: [emailList('list-people')] }],
    ['keeps people out', { include: [email(ANA.email)], exclude: [emailList('list-people')] }],
  ])('is not told so where the list that %s has their address with blanks', async (_what, rules) => {
    const emailLists = [anEmailList([anItem(` ${ANA.email}`)])];
    const { text } = await asks({ snapshot: aSnapshot({ allow: aPolicy(rules), emailLists }) });
    expect(text).toContain('I can’t tell whether you have access');
    expect(text).toContain('The policy “Team” may let you in: that depends on the e-mail list “Colleagues”.');
  });

  it('is not told so where nobody can tell', async () => {
    const { text } = await asks({ snapshot: aSnapshot({ allow: aPolicy({ include: [other('okta “Clinicians”')] }) }) });
    expect(text).toContain('I can’t tell whether you have access');
    expect(text).toContain('depends on a rule that can’t be read from here (okta “Clinicians”)');
    expect(text).not.toContain('[Ask for access]');
  });
});

it('their open requests, asked by them or for them, and nobody else’s', async () => {
  const { text } = await asks({}, async ({ store }) => {
    const mine = { slackId: ANA.slackId, teamId: BEN.teamId, name: ANA.name };
    const store1 = (changes: Parameters<typeof aRequest>[0]) =>
      store.commit({ request: { ...aRequest(changes), version: 0 }, audit: [], effects: [] });
    await store1({ id: 'REQ-0001' });
    await store1({ id: 'REQ-0002', requester: mine, beneficiaries: [] });
    await store1({ id: 'REQ-0003', beneficiaries: [], about: [ANA], effect: 'reduce' });
    await store1({ id: 'REQ-0004', beneficiaries: [] });
  });
  expect(text.match(/REQ-\d{4}/g)).toEqual(['REQ-0001', 'REQ-0002']);
});

describe('what can’t be read', () => {
  it('is said, and the rest is there', async () => {
    const { text } = await asks({ cloudflare: { snapshot: down, accessEvents: down } });
    expect(text).toMatchInlineSnapshot(`
      "# ⚠️ Your access could not be read
      You are ana.souza@lanternhealth.example.
      ⚠️ Missing: Your access and your devices. Cloudflare did not answer. Try again in a minute.
      ⚠️ Missing: When you last signed in. Cloudflare did not answer. Try again in a minute.
      (No sign-in code? Type /ocs-access otp.)"
    `);
  });

  it('the log is not missed where the last sign-in is known', async () => {
    const { text } = await asks({ cloudflare: { accessEvents: down } });
    expect(text).not.toContain('Missing');
  });

  it('in time: after six seconds the answer comes without it', async () => {
    vi.useFakeTimers();
    const asking = asks({ cloudflare: { snapshot: () => new Promise(() => undefined) } });
    await vi.advanceTimersByTimeAsync(6_000);
    expect((await asking).text).toContain(
      'Your access and your devices. Cloudflare does not answer. Try again in a minute.',
    );
  });

  it('without an address in Slack there is nobody to look for', async () => {
    const directory = aDirectory([{ slackId: ANA.slackId, name: ANA.name }]);
    await expect(asks({ directory })).rejects.toThrow(/Slack shows me no e-mail address of yours/);
  });
});

async function answerTo(words: string): Promise<string> {
  const { desk } = aDesk({ snapshot: inside });
  const { call, replies } = aCall(ANA, words);
  await slash(desk, call);
  const [reply] = replies;
  return reply === undefined ? '' : read(reply);
}

describe('words after the command', () => {
  it.each([`whoami <@${ANA.slackId}>`, `whoami ${ANA.email}`])('%s is the same', async (words) => {
    expect(await answerTo(words)).toContain('You have access');
  });

  it.each([`whoami <@${BEN.slackId}>`, 'whoami ben', `whoami <@${ANA.slackId}> ben@x.example`])(
    '%s is refused rather than answered about the one who asks',
    async (words) => {
      await expect(answerTo(words)).rejects.toThrow(/This shows your own access only/);
    },
  );
});
