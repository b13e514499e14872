import { describe, expect, it } from 'vitest';
import { PermanentError } from '../../src/core/errors.ts';
import type { Sessions, SessionPlace } from '../../src/core/sessions.ts';
import { setSession } from '../../src/steps/set-session.ts';
import { anAccount } from '../builders/an-account.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { aSessions, HOUR_MS } from '../builders/memory-settings.ts';

const HOURS = (count: number): number => count * HOUR_MS;

const PLACES = {
  app: { place: { kind: 'app', id: 'app-ocs' }, name: 'Open Chat Studio' },
  policy: { place: { kind: 'policy', policy: { kind: 'reusable', id: 'policy-team' } }, name: 'Team' },
  signIn: { place: { kind: 'warp-sign-in' }, name: 'WARP sign-in' },
  network: { place: { kind: 'warp-network', ruleId: 'rule-staff' }, name: 'Staff' },
} satisfies Record<string, { place: SessionPlace; name: string }>;

/** Both in hours. */
function bound(where: keyof typeof PLACES, from: number | null, to: number) {
  return setSession.bind({ ...PLACES[where], from: from === null ? null : HOURS(from), ms: HOURS(to) });
}

function account(sessions: Sessions = aSessions()) {
  return anAccount(aSnapshot({ sessions }));
}

const withApp = (hours: number, changes: Partial<Sessions> = {}): Sessions =>
  aSessions({ app: { ...aSessions().app, ms: HOURS(hours) }, ...changes });
const signInOf = (hours: number | undefined) => ({
  warpSignIn: { ms: hours === undefined ? undefined : HOURS(hours), isUsed: false },
});

/** `code: message` */
async function refusal(of: Promise<void>): Promise<string> {
  const error = await of.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof PermanentError ? `${error.code}: ${error.message}` : 'It was not refused.';
}

describe('what it says', () => {
  it('which length, where it writes, and where a person would', () => {
    const all = [bound('app', 8, 12), bound('policy', 8, 4.5), bound('signIn', null, 24), bound('network', 24, 168)];

    expect(all.map(({ says, resources, byHand }) => [says, resources.join(' '), byHand])).toMatchInlineSnapshot(`
      [
        [
          "Set the app session to 12 h",
          "app-app-ocs sessions",
          "Zero Trust dashboard → Access controls → Applications → Open Chat Studio → Session duration (it was 8 h)",
        ],
        [
          "Set the session of the policy “Team” to 4 h 30 min",
          "policy-policy-team sessions",
          "Zero Trust dashboard → Access controls → Policies → Team → Session duration (it was 8 h)",
        ],
        [
          "Set the WARP sign-in session to 24 h",
          "organization sessions",
          "Zero Trust dashboard → Team & Resources → Devices → Management → Device enrollment permissions → Login methods → Session duration",
        ],
        [
          "Set the WARP network session of the Gateway rule “Staff” to 168 h",
          "gateway-rule-rule-staff sessions",
          "Zero Trust dashboard → Traffic policies → Firewall policies → Staff → Enforce WARP client session duration (it was 24 h)",
        ],
      ]
    `);
  });
});

describe('setting a length', () => {
  it.each([
    ['app', bound('app', 8, 12)],
    ['signIn', bound('signIn', 24, 12)],
    ['network', bound('network', 24, 48)],
  ])('writes it once: %s', async (_where, step) => {
    const { cloudflare, context } = account();
    const before = await step.look(context);
    expect(before.holds).toBe(false);

    await before.apply();

    expect((await step.look(context)).holds).toBe(true);
    expect(cloudflare.writes).toHaveLength(1);
  });

  it('sets what was not set', async () => {
    const { cloudflare, context } = account(aSessions(signInOf(undefined)));

    await (await bound('signIn', null, 8).look(context)).apply();

    expect((await cloudflare.sessionLengths()).warpSignIn.ms).toBe(HOURS(8));
  });

  it('is refused when it would end WARP before the app, because somebody changed a length meanwhile', async () => {
    const lowered = account(aSessions(signInOf(9)));
    const raised = account(withApp(20));

    expect([
      await refusal((await bound('app', 8, 12).look(lowered.context)).apply()),
      await refusal((await bound('network', 24, 12).look(raised.context)).apply()),
    ]).toMatchInlineSnapshot(`
      [
        "would-break-sessions: The WARP sign-in session (9 h) would be shorter than the app session (12 h): somebody changed a length since this was planned. Look again, and ask anew.",
        "would-break-sessions: The WARP network session of the Gateway rule “Staff to Open Chat Studio” (12 h) would be shorter than the app session (20 h): somebody changed a length since this was planned. Look again, and ask anew.",
      ]
    `);
    expect([...lowered.cloudflare.writes, ...raised.cloudflare.writes]).toEqual([]);
  });

  it('is not refused for a gap that was there before and gets no worse', async () => {
    const { context } = account(withApp(20, signInOf(12)));
    const step = bound('signIn', 12, 16);

    await (await step.look(context)).apply();

    expect((await step.look(context)).holds).toBe(true);
  });

  it('leaves alone what somebody set meanwhile, so that this is never lost by putting back', async () => {
    const { cloudflare, context } = account(withApp(10));

    expect(await refusal((await bound('app', 8, 12).look(context)).apply())).toMatchInlineSnapshot(
      `"changed-meanwhile: Somebody changed the app session since this was planned: it was 8 h and is 10 h now. Look again, and ask anew."`,
    );
    expect(await refusal((await bound('signIn', null, 12).look(context)).apply())).toMatchInlineSnapshot(
      `"changed-meanwhile: Somebody changed the WARP sign-in session since this was planned: it was not set and is 24 h now. Look again, and ask anew."`,
    );
    expect(cloudflare.writes).toEqual([]);
  });

  it('is refused for what is not there any more', async () => {
    const { context } = account(aSessions({ policies: [], warpNetwork: [], app: { ...aSessions().app, id: 'app-2' } }));
    const all = [bound('app', 8, 12), bound('policy', 8, 12), bound('network', 24, 48)];

    expect(await Promise.all(all.map(async (step) => refusal((await step.look(context)).apply()))))
      .toMatchInlineSnapshot(`
      [
        "session-place-gone: The application “Open Chat Studio” is not there any more: somebody changed that since this was planned. Look again, and ask anew.",
        "session-place-gone: The policy “Team” is not among the Allow policies of the application any more: somebody changed that since this was planned. Look again, and ask anew.",
        "session-place-gone: The Gateway rule “Staff” is off, gone, or does not ask people to sign in to WARP any more: somebody changed that since this was planned. Look again, and ask anew.",
      ]
    `);
  });
});

describe('putting it back', () => {
  it('puts back what was', async () => {
    const { cloudflare, context } = account();
    const step = bound('app', 8, 12);
    await (await step.look(context)).apply();

    await (await step.look(context)).undo([]);

    expect(await cloudflare.sessionLengths()).toEqual(aSessions());
  });

  it('leaves alone what somebody else has set since, or taken away', async () => {
    const changed = account(withApp(10));
    const gone = account(aSessions({ warpNetwork: [] }));

    await (await bound('app', 8, 12).look(changed.context)).undo([]);
    await (await bound('network', 24, 48).look(gone.context)).undo([]);

    expect([...changed.cloudflare.writes, ...gone.cloudflare.writes]).toEqual([]);
  });

  it('is refused when that would end WARP before the app', async () => {
    const { cloudflare, context } = account(withApp(16));

    expect(await refusal((await bound('signIn', 12, 24).look(context)).undo([]))).toMatchInlineSnapshot(
      `"would-break-sessions: The WARP sign-in session (12 h) would then be shorter than the app session (16 h), so the WARP sign-in session stays at 24 h. Decide first which of the two is right."`,
    );
    expect(cloudflare.writes).toEqual([]);
  });

  it('is refused for what was not set: that can’t be had back', async () => {
    const { context } = account();

    expect(await refusal((await bound('signIn', null, 24).look(context)).undo([]))).toMatchInlineSnapshot(
      `"cannot-unset: Before, the WARP sign-in session was not set. A length that was once set can be changed but not taken away from here, so it stays at 24 h."`,
    );
  });
});
