import { afterEach, describe, expect, it, vi } from 'vitest';
import { pressOf } from '../../src/commands/presses.ts';
import { slash } from '../../src/commands/slash.ts';
import { PermanentError, TransientError, UserError } from '../../src/core/errors.ts';
import { Post } from '../../src/core/post.ts';
import { aCall, aDesk, aDirectory, TEAM, type DeskOptions } from '../builders/a-desk.ts';
import { aPolicy, email, other } from '../builders/a-policy.ts';
import { ANA, ASKED_AT, BEN, CARA } from '../builders/a-request.ts';
import { anEnrolment, anEnrolmentPolicy, aSnapshot } from '../builders/a-snapshot.ts';
import { read } from '../slack/read.ts';

const BENS = 'ben.okafor@lanternhealth.example';
const inside = aSnapshot({
  allow: aPolicy({ include: [email(ANA.email), email(BENS)] }),
  enrolment: anEnrolment(anEnrolmentPolicy({ include: [email(ANA.email), email(BENS)] })),
});
const down = (): Promise<never> => Promise.reject(new TransientError('Cloudflare did not answer.', { code: 'down' }));

const accessEvents = () => Promise.reject(new PermanentError('The token may not read the log.', { code: 'no' }));
const hanging = (): Promise<never> => new Promise(() => undefined);

/** What comes of typing this. A refusal is thrown. */
async function types(words: string, who: { readonly slackId: string }, options: DeskOptions = {}) {
  const house = aDesk({ snapshot: inside, ...options });
  const called = aCall(who, words);
  await slash(house.desk, called.call);
  const [reply] = called.replies;
  const posts = house.store.effects.flatMap((effect) => (effect.kind === 'post' ? [Post.parse(effect.post)] : []));
  return { ...house, text: reply === undefined ? '' : read(reply), reply, posts };
}

afterEach(() => void vi.useRealTimers());

describe('an approver about somebody', () => {
  it('reads what was found and can reset, the person is told, and it is in the audit log', async () => {
    const { text, posts, store } = await types(`otp <@${ANA.slackId}>`, CARA);

    expect(text).toMatchInlineSnapshot(`
      "# ⚠️ Worth a look
      Sign-in of @ana (ana.souza@lanternhealth.example): Cloudflare sends codes to this address.
      • ⚠️ Worth a look: Signing in also takes a known computer, and the list “Laptops” notes none for this address. The page may say no to the right code. Next: Register it with “add”, unless it is in the list under another name.
      • ✅ Fine: The policy “Team” lets this address in.
      • ✅ Fine: The address is in the policy “Team”, letter for letter.
      • ✅ Fine: The sign-in page offers a code by e-mail.
      • ✅ Fine: The Slack profile of Ana Souza has the same address.
      • ✅ Fine: No sign-in in the last day, and none that failed. A code that never came leaves no trace there.
      @ana has a direct message from me with what to do next.
      [Reset]
      (It signs out everywhere. You read the plan before anything happens.)"
    `);
    expect(posts).toEqual([
      {
        kind: 'otp-help',
        slackId: ANA.slackId,
        email: ANA.email,
        appUrl: 'http://ocs.lantern.example:8000',
        wasReset: false,
        askedBy: 'Cara Lindqvist',
      },
    ]);
    expect(store.entries).toMatchObject([
      {
        kind: 'sign-in.checked',
        people: [ANA.email],
        actor: { slackId: CARA.slackId },
        says: 'Cara Lindqvist had the sign-in of ana.souza@lanternhealth.example checked: a policy lets it in.',
        facts: { outcome: 'admitted', wrong: 0, personWasTold: true },
      },
    ]);
  });

  it('by address does the same', async () => {
    const { text, posts } = await types(`otp <mailto:${ANA.email}|${ANA.email}>`, CARA);
    expect(text).toContain('The Slack profile of Ana Souza has the same address.');
    expect(posts).toHaveLength(1);
  });

  it('with an address that differs from the profile is told so', async () => {
    const { text } = await types(`otp <@${ANA.slackId}> ana@lanternhealth.example`, CARA);
    expect(text).toContain('has another one, ana.souza@lanternhealth.example');
  });

  it('reads near misses, adds with one press, and nobody is promised a code', async () => {
    const { text, posts } = await types('otp ana.souza@lanternhealth.exam', CARA);
    expect(text).toMatchInlineSnapshot(`
      "# ❌ No code is sent to this address
      Sign-in of ana.souza@lanternhealth.exam: Cloudflare sends it no code, though the sign-in page says so.
      • ❌ Wrong: No policy of Open Chat Studio lets this address in. Next: To give access, use “add”.
      • ❌ Wrong: No policy that lets people in has this address, but one has something like it: ana.souza@lanternhealth.example in the policy “Team”. Next: If that is a slip, “add” the right address and “revoke” the wrong one. It may be somebody else.
      • ⚠️ Worth a look: Nobody in Slack has this address. Next: Right for somebody outside Slack. Otherwise compare it with their profile, letter by letter.
      • ✅ Fine: The sign-in page offers a code by e-mail.
      • ✅ Fine: No sign-in in the last day, and none that failed. A code that never came leaves no trace there.
      [Add this person]"
    `);
    expect(posts).toEqual([]);
  });

  it('passes the words on to somebody outside Slack', async () => {
    const snapshot = aSnapshot({ allow: aPolicy({ include: [email('sam@partner.example')] }) });
    const { text, posts } = await types('otp sam@partner.example', CARA, { snapshot });
    expect(text).toMatchInlineSnapshot(`
      "# ⚠️ Worth a look
      Sign-in of sam@partner.example: Cloudflare sends codes to this address.
      • ⚠️ Worth a look: No policy lets this address connect a computer with WARP, so WARP sends it no code. Next: Use “add”: it opens WARP too.
      • ⚠️ Worth a look: Nobody in Slack has this address. Next: Right for somebody outside Slack. Otherwise compare it with their profile, letter by letter.
      • ⚠️ Worth a look: Signing in also takes a known computer, and the list “Laptops” notes none for this address. The page may say no to the right code. Next: Register it with “add”, unless it is in the list under another name.
      • ✅ Fine: The policy “Team” lets this address in.
      • ✅ Fine: The address is in the policy “Team”, letter for letter.
      • ✅ Fine: The sign-in page offers a code by e-mail.
      • ✅ Fine: No sign-in in the last day, and none that failed. A code that never came leaves no trace there.
      I can’t reach them in Slack. Please pass this on to them:
      > Type exactly this address on the sign-in page: sam@partner.example. Look in the spam folder for an e-mail from noreply@notify.cloudflare.com. Nothing after 60 seconds? Press “Resend code” once. Use only the newest code, within 10 minutes.
      [Reset]
      (It signs out everywhere. You read the plan before anything happens.)"
    `);
    expect(posts).toEqual([]);
  });

  it('passes them on to a guest too', async () => {
    const directory = aDirectory([
      { ...ANA, standing: 'guest' },
      { ...CARA, email: 'cara@lanternhealth.example' },
    ]);
    const { text, posts } = await types(`otp <@${ANA.slackId}>`, CARA, { directory });
    expect(text).toContain('Please pass this on');
    expect(posts).toEqual([]);
  });

  it('is told that nobody can tell, and the person is helped all the same', async () => {
    const snapshot = aSnapshot({ allow: aPolicy({ include: [other('okta “Clinicians”')] }) });
    const { text, posts } = await types(`otp <@${ANA.slackId}>`, CARA, { snapshot });
    expect(text).toContain('I can’t tell whether Cloudflare sends codes to this address');
    expect(text).toContain('[Reset]');
    expect(posts).toHaveLength(1);
  });

  it('sends nobody to wait for a code that is not offered', async () => {
    const snapshot = { ...inside, loginMethods: [{ id: '1', name: 'Okta', type: 'okta' }] };
    const { text, posts } = await types(`otp <@${ANA.slackId}>`, CARA, { snapshot });
    expect(text).toContain('Nobody gets a code now');
    expect(text).not.toContain('[Reset]');
    expect(posts).toEqual([]);
  });
});

describe('somebody about themselves', () => {
  it('reads the same, and finds what to do in a direct message', async () => {
    const { text, posts, account } = await types('otp', BEN);
    expect(text).toMatchInlineSnapshot(`
      "# ⚠️ Worth a look
      Sign-in of ben.okafor@lanternhealth.example: Cloudflare sends codes to this address.
      • ⚠️ Worth a look: Signing in also takes a known computer, and the list “Laptops” notes none for this address. The page may say no to the right code. Next: Register it with “add”, unless it is in the list under another name.
      • ✅ Fine: The policy “Team” lets this address in.
      • ✅ Fine: The address is in the policy “Team”, letter for letter.
      • ✅ Fine: The sign-in page offers a code by e-mail.
      • ✅ Fine: The Slack profile of Ben Okafor has the same address.
      • ✅ Fine: No sign-in in the last day, and none that failed. A code that never came leaves no trace there.
      What to do next is in my direct message to you."
    `);
    expect(posts).toMatchObject([{ kind: 'otp-help', slackId: BEN.slackId, email: BENS }]);
    expect(account.calls).toEqual(['snapshot -', `accessEvents ${BENS}`]);
  });

  it('by a mention and by their own address', async () => {
    expect((await types(`otp <@${BEN.slackId}>`, BEN)).posts).toHaveLength(1);
    expect((await types(`otp ${BENS.toUpperCase()}`, BEN)).posts).toHaveLength(1);
  });

  it('does not read the address of somebody else', async () => {
    const snapshot = aSnapshot({ allow: aPolicy({ include: [email('ben.okafor@partner.example')] }) });
    const { text, posts } = await types('otp', BEN, { snapshot });
    expect(text).toMatchInlineSnapshot(`
      "# ❌ No code is sent to this address
      Sign-in of ben.okafor@lanternhealth.example: Cloudflare sends it no code, though the sign-in page says so.
      • ❌ Wrong: No policy of Open Chat Studio lets this address in. Next: Ask for access with the button below.
      • ❌ Wrong: No policy that lets people in has this address, but one has something like it. Next: Ask an approver to type /ocs-access otp with your name: they see which one.
      • ✅ Fine: The sign-in page offers a code by e-mail.
      • ✅ Fine: The Slack profile of Ben Okafor has the same address.
      • ✅ Fine: No sign-in in the last day, and none that failed. A code that never came leaves no trace there.
      [Ask for access]"
    `);
    expect(text).not.toContain('partner.example');
    expect(posts).toEqual([]);
  });

  it('is offered a reset if they are an approver', async () => {
    const snapshot = aSnapshot({ allow: aPolicy({ include: [email('cara.lindqvist@lanternhealth.example')] }) });
    expect((await types('otp', CARA, { snapshot })).text).toContain('[Reset]');
  });

  it('learns that Slack shows no address of theirs', async () => {
    await expect(types('otp', BEN, { directory: aDirectory([BEN]) })).rejects.toThrow(/no e-mail address of yours/);
  });
});

describe('who may not', () => {
  it.each([`otp <@${ANA.slackId}>`, `otp ${ANA.email}`, `otp <@${BEN.slackId}> ${ANA.email}`])(
    '%s, as somebody who is no approver',
    async (words) => {
      const house = aDesk({ snapshot: inside });
      const { call, replies } = aCall(BEN, words);

      await expect(slash(house.desk, call)).rejects.toThrow(
        'Only approvers can check the sign-in of others. For your own, type `/ocs-access otp` alone.',
      );

      expect(replies).toEqual([]);
      expect(house.account.calls).toEqual([]);
      expect(house.store.entries).toMatchObject([
        {
          kind: 'request.refused',
          says: 'Ben Okafor tried to have the sign-in of somebody else checked without being an approver.',
        },
      ]);
    },
  );

  it.each([
    ['otp ana', /“ana” is neither a person nor an e-mail address/],
    [`otp <@${ANA.slackId}> <@${BEN.slackId}>`, /Name one person at a time/],
    ['otp ana..souza@lanternhealth.example', /That is not an e-mail address/],
  ])('%s', async (words, says) => {
    await expect(types(words, CARA)).rejects.toThrow(says);
    await expect(types(words, CARA)).rejects.toBeInstanceOf(UserError);
  });

  it('nobody asks about a bot, or about somebody whose address Slack hides', async () => {
    const bot = { slackId: 'U05BOT00001', name: 'Deploy', standing: 'bot' as const };
    const directory = aDirectory([bot, BEN, { ...CARA, email: 'cara@lanternhealth.example' }]);
    await expect(types('otp <@U05BOT00001>', CARA, { directory })).rejects.toThrow('Deploy is a bot. Name a person.');
    await expect(types(`otp <@${BEN.slackId}>`, CARA, { directory })).rejects.toThrow(/Type their address instead/);
  });
});

describe('what can’t be read', () => {
  it('the policies: the rest is said', async () => {
    const { text, posts } = await types(`otp <@${ANA.slackId}>`, CARA, { cloudflare: { snapshot: down } });
    expect(text).toMatchInlineSnapshot(`
      "# ⚠️ The sign-in could not be checked
      Sign-in of @ana (ana.souza@lanternhealth.example): Cloudflare could not be asked.
      • ✅ Fine: The Slack profile of Ana Souza has the same address.
      • ✅ Fine: No sign-in in the last day, and none that failed. A code that never came leaves no trace there.
      ⚠️ Not checked: The policies and the ways to sign in. Cloudflare did not answer. Try again in a minute."
    `);
    expect(posts).toEqual([]);
  });

  it('the log, because the token may not', async () => {
    const { text } = await types(`otp <@${ANA.slackId}>`, CARA, { cloudflare: { accessEvents } });
    expect(text).toContain('Not checked: The log of the last day. The token may not read the log.');
    expect(text).toContain('[Reset]');
  });

  it('who it is in Slack', async () => {
    const directory = {
      ...aDirectory(),
      byEmail: () => Promise.reject(new TransientError('Slack did not answer.', { code: 'slack-down' })),
    };
    const { text } = await types(`otp ${ANA.email}`, CARA, { directory });
    expect(text).toContain('Who has this address in Slack. Slack did not answer.');
    expect(text).toContain('Please pass this on');
  });

  it('in time, with Slack late as well: who is an approver is found out meanwhile', async () => {
    vi.useFakeTimers();
    const directory = { ...aDirectory(), approvers: hanging };
    const asking = types('otp', BEN, { directory, cloudflare: { accessEvents: hanging } });
    await vi.advanceTimersByTimeAsync(6_000);
    expect((await asking).text).toContain('Sign-in of ben.okafor@lanternhealth.example');
  });

  it('in time: six seconds, and what is there is said', async () => {
    vi.useFakeTimers();
    const asking = types(`otp <@${ANA.slackId}>`, CARA, { cloudflare: { accessEvents: hanging } });
    await vi.advanceTimersByTimeAsync(6_000);
    expect((await asking).text).toContain(
      'The log of the last day. Cloudflare does not answer. Try again in a minute.',
    );
  });
});

describe('the buttons', () => {
  it.each([
    ['open:otp-reset', `<@${ANA.slackId}>`],
    ['open:otp-reset', ANA.email],
    ['open:add', ANA.email],
  ])('%s with %s opens the form about this person', async (id, value) => {
    const { desk } = aDesk({ snapshot: inside });
    const { call, views } = aCall(CARA, value);
    await pressOf(desk, id)?.(desk, call);
    expect(JSON.stringify(views.at(-1)?.blocks)).toContain(ANA.email);
  });
});

it('has the moment and the workspace right', async () => {
  const { store } = await types('otp', BEN);
  expect(store.entries[0]).toMatchObject({ at: ASKED_AT, actor: { teamId: TEAM } });
});
