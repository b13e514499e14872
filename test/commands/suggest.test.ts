import type { BlockSuggestion } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lost } from '../../src/actions/lost.ts';
import { revoke } from '../../src/actions/revoke.ts';
import type { Desk } from '../../src/commands/desk.ts';
import { suggest } from '../../src/commands/suggest.ts';
import type { Action } from '../../src/core/action.ts';
import { TransientError } from '../../src/core/errors.ts';
import { formView } from '../../src/slack/form-view.ts';
import type { Suggestions } from '../../src/slack/suggestions.ts';
import { aDesk, aDirectory, TEAM } from '../builders/a-desk.ts';
import { addresses, aPolicy, email } from '../builders/a-policy.ts';
import { ANA, BEN } from '../builders/a-request.ts';
import { aDevice, anItem, aRegistration, aSerialList, aSnapshot, aUser } from '../builders/a-snapshot.ts';

const BENS = 'ben.okafor@lanternhealth.example';
const bensLaptop = aDevice({
  id: 'device-2',
  name: 'ben-thinkpad',
  serial: '5CG0917BEN',
  platform: 'windows',
  registrations: [aRegistration({ id: 'registration-2', email: BENS })],
});
const snapshot = aSnapshot({
  allow: aPolicy({ include: [...addresses(2), ANA.email].map(email) }),
  posture: {
    ruleId: 'posture-serials',
    name: 'Known laptops',
    list: aSerialList([anItem('5CG0917BEN', `Ben <${BENS}>`), anItem('NEWBEN01', `Ben <${BENS}>`)]),
  },
  users: [aUser()],
  devices: [aDevice(), bensLaptop],
});

/** What Slack sends while somebody types into a picker of a form. */
function typing(action: Action, value: string, changes: Partial<BlockSuggestion> = {}): BlockSuggestion {
  const { private_metadata } = formView({ action, values: {}, draftId: 'draft' });
  const key = action === lost ? 'device.pick' : 'person.pick';
  const view = { private_metadata } as NonNullable<BlockSuggestion['view']>;
  return {
    type: 'block_suggestion',
    action_id: key,
    block_id: key,
    value,
    user: { id: ANA.slackId, name: 'ana', team_id: TEAM },
    team: { id: TEAM, domain: 'lantern' },
    api_app_id: 'A1',
    token: '',
    container: {},
    view,
    ...changes,
  };
}

function shown(suggestions: Suggestions): string[] {
  const options =
    'options' in suggestions ? suggestions.options : suggestions.option_groups.flatMap((group) => group.options);
  return options.map(({ text, value }) => `${text.text} = ${value}`);
}

const down = () => Promise.reject(new TransientError('Cloudflare does not answer.', { code: 'cloudflare-down' }));
const never = () => new Promise<never>(() => {});

const offers = async (desk: Desk, ...given: Parameters<typeof typing>) => shown(await suggest(desk, typing(...given)));

describe('whose access can be revoked', () => {
  it('is everybody who has access now, found by a part of the name', async () => {
    const { desk } = aDesk({ snapshot });
    expect(await offers(desk, revoke, '')).toHaveLength(4);
    expect(await offers(desk, revoke, ' souza ')).toEqual([`Ana Souza · ${ANA.email} = ${ANA.email}`]);
    expect(await offers(desk, revoke, 'nobody')).toEqual([]);
  });

  it('is read once while somebody types, and anew when the form opens again', async () => {
    const { desk, account } = aDesk({ snapshot });
    const reads = () => account.calls.length;
    desk.offers.prepare(ANA.slackId, ANA.email, [{ key: 'person', field: 'insider', label: '', optional: false }]);
    await Promise.all([offers(desk, revoke, 'a'), offers(desk, revoke, 'an')]);
    await offers(desk, revoke, 'ana');
    expect(reads()).toBe(1);
    desk.offers.prepare(ANA.slackId, ANA.email, [{ key: 'person', field: 'insider', label: '', optional: false }]);
    await offers(desk, revoke, 'ana');
    expect(reads()).toBe(2);
  });
});

describe('a lost device', () => {
  it('is one’s own, without a word typed', async () => {
    const { desk } = aDesk({ snapshot });
    expect(await offers(desk, lost, '')).toEqual([expect.stringMatching(/^Ana’s MacBook · .* = device:device-1$/)]);
    expect(await desk.offers.offered(ANA.slackId, 'device:device-1')).toMatchObject({ owner: { email: ANA.email } });
  });

  it('is somebody else’s with two letters of it, each device once, a registered one too', async () => {
    const { desk } = aDesk({ snapshot });
    expect(await offers(desk, lost, 'b')).toEqual([expect.stringMatching(/^Ana’s MacBook · .* = device:device-1$/)]);
    expect(await offers(desk, lost, 'ben')).toEqual([
      expect.stringMatching(/^ben-thinkpad · .* = device:device-2$/),
      expect.stringMatching(/^NEWBEN01 · .* = serial:NEWBEN01$/),
    ]);
    expect(await desk.offers.offered(ANA.slackId, 'device:device-2')).toMatchObject({ owner: { email: BENS } });
  });

  it('is remembered for whoever it was offered to, and nobody else', async () => {
    const { desk } = aDesk({ snapshot });
    await offers(desk, lost, '');
    expect(await desk.offers.offered(BEN.slackId, 'device:device-1')).toBeUndefined();
  });
});

describe('nothing is offered, and nothing breaks,', () => {
  it.each([
    ['to a guest', aDirectory([{ ...ANA, standing: 'guest' }]), {}],
    [
      'to somebody of another workspace',
      aDirectory(),
      { user: { id: ANA.slackId, name: 'ana', team_id: 'T0HARBOURX1' } },
    ],
    ['to somebody whom Slack does not know', aDirectory([]), {}],
    ['outside a form', aDirectory(), { view: undefined }],
    ['for another picker', aDirectory(), { action_id: 'else.pick' }],
  ])('%s', async (_who, directory, changes) => {
    const { desk } = aDesk({ snapshot, directory });
    const body = { ...typing(lost, ''), ...changes } as BlockSuggestion;
    expect(await suggest(desk, body)).toEqual({ options: [] });
  });

  it('when Cloudflare refuses', async () => {
    const { desk } = aDesk({ cloudflare: { snapshot: down, devices: down } });
    expect(await offers(desk, lost, 'ana')).toEqual([]);
    expect(await offers(desk, revoke, 'ana')).toEqual([]);
  });
});

describe('when Cloudflare is slow', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('nothing is offered, in time for Slack', async () => {
    const { desk } = aDesk({ cloudflare: { snapshot: never, devices: never } });
    const answer = suggest(desk, typing(revoke, 'ana'));
    await vi.advanceTimersByTimeAsync(2_500);
    expect(await answer).toEqual({ options: [] });
  });

  it('one’s own devices are offered without those of others', async () => {
    const { desk } = aDesk({ cloudflare: { snapshot: async () => snapshot, devices: never } });
    const answer = suggest(desk, typing(lost, 'mac'));
    await vi.advanceTimersByTimeAsync(2_500);
    expect(shown(await answer)).toEqual([expect.stringMatching(/^Ana’s MacBook · .* = device:device-1$/)]);
  });
});
