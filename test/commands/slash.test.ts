import { describe, expect, it, vi } from 'vitest';
import { openHome } from '../../src/commands/home.ts';
import { openForm } from '../../src/commands/open-form.ts';
import { pressOf } from '../../src/commands/presses.ts';
import { slash } from '../../src/commands/slash.ts';
import { submitForm } from '../../src/commands/submit-form.ts';
import { hashPlan } from '../../src/core/plan.ts';
import { ticketOf, type Request } from '../../src/core/request.ts';
import { listedWords } from '../../src/slack/listed-words.ts';
import { readMetadata } from '../../src/slack/read-form.ts';
import { listItems } from '../../src/steps/list-items.ts';
import { aCall, aDesk, aDirectory, TEAM, type DeskOptions } from '../builders/a-desk.ts';
import { anAction } from '../builders/an-action.ts';
import { aRecord, ANA, aRequest, ASKED_AT, BEN, CARA, DINA } from '../builders/a-request.ts';
import { anItem } from '../builders/a-snapshot.ts';
import { aRestart } from '../builders/quick-actions.ts';
import { read, readView } from '../slack/read.ts';

/** What somebody sees after they typed this. */
async function types(words: string, who: { readonly slackId: string } = BEN, options: DeskOptions = {}) {
  const house = aDesk(options);
  const called = aCall(who, words);
  await slash(house.desk, called.call);
  const shown = called.views.at(-1);
  const text = called.replies.map(read).join('\n');
  return { ...house, ...called, form: shown === undefined ? '' : JSON.stringify(shown.blocks), text, shown };
}

describe('a word opens its form', () => {
  it.each([
    ['revoke', 'revoke'],
    ['REVOKE', 'revoke'],
    ['revoke-many', 'revoke-many'],
    ['lost', 'lost'],
    ['replace', 'replace'],
    ['extend', 'extend'],
  ])('%s', async (words, action) => {
    const { shown } = await types(words);
    expect(readMetadata(shown?.private_metadata ?? '').action).toBe(action);
  });

  it('with the address of whoever is mentioned', async () => {
    expect((await types(`revoke <@${ANA.slackId}> left`)).form).toContain(`"value":"${ANA.email}"`);
  });

  it('and says so where Slack shows none', async () => {
    const directory = aDirectory([{ slackId: ANA.slackId, name: ANA.name }, BEN]);
    const { shown } = await types(`revoke <@${ANA.slackId}>`, BEN, { directory });
    expect(shown && readView(shown)).toContain(
      'Slack shows no e-mail address for Ana Souza. Find them below, or type it.',
    );
  });

  it('begins to read from Cloudflare what its picker offers', async () => {
    const { account } = await types('revoke', CARA);
    await Promise.resolve();
    expect(account.calls).toEqual(['snapshot -']);
  });

  it('but not the form that only a message can open', async () => {
    expect((await types('restore')).text).toMatch(/I don’t know “restore”/);
  });
});

describe('an action with a command of its own', () => {
  const actions = [
    anAction(),
    aRestart(),
    aRestart({ id: 'status-page', command: 'status page', title: 'Show a page' }),
  ];

  it.each([
    ['engine restart', 'Restart the engine'],
    ['  ENGINE   Restart  it hangs', 'Restart the engine'],
    ['engine-restart', 'Restart the engine'],
    ['status page', 'Show a page'],
    ['add', 'Add a colleague'],
  ])('is reached by %j', async (words, title) => {
    const { shown } = await types(words, CARA, { actions });
    expect(shown?.title.text).toBe(title);
  });

  it.each([
    ['status', 'everything'],
    ['status of the page', 'everything'],
  ])('leaves a word that begins like it alone: %j', async (words) => {
    const { shown, text } = await types(words, CARA, { actions });
    expect(shown).toBeUndefined();
    expect(text).not.toMatch(/I don’t know/);
  });

  it.each([
    ['engine', 'I don’t know “engine”. Type /ocs-access help to see what I can do.'],
    ['engine restrat now', 'I don’t know “engine restrat”. Did you mean /ocs-access engine restart?'],
    ['Engin-restart', 'I don’t know “Engin-restart”. Did you mean /ocs-access engine restart?'],
    ['statsu of the page', 'I don’t know “statsu”. Did you mean /ocs-access status?'],
    ['ad @ana', 'I don’t know “ad”. Did you mean /ocs-access add?'],
    ['x'.repeat(3000), /^I don’t know “x+…?/],
  ])('is guessed, or not, from %j', async (words, answer) => {
    expect((await types(words, CARA, { actions })).text).toEqual(
      typeof answer === 'string' ? answer : expect.stringMatching(answer),
    );
  });
});

it.each(listedWords.map(({ word }) => word))('the word `%s`, which help lists, is known', async (word) => {
  const { text } = await types(word, CARA);
  expect(text).not.toMatch(/I don’t know/);
});

it('help comes in time as everybody sees it where Slack does not say who is an approver', async () => {
  vi.useFakeTimers();
  const directory = { ...aDirectory(), approvers: () => new Promise<never>(() => undefined) };
  const asked = types('help', CARA, { directory });
  await vi.advanceTimersByTimeAsync(2_500);
  vi.useRealTimers();

  const { text } = await asked;
  expect(text).toContain('/ocs-access add');
  expect(text).not.toContain('You are an approver');
});

describe('`requests`', () => {
  it('lists what is open, for everybody', async () => {
    const house = aDesk();
    await house.store.commit({ request: { ...aRequest(), version: 0 }, audit: [], effects: [] });
    const { call, replies } = aCall(BEN, 'requests');
    house.clock.advance(60 * 60 * 1000);
    await slash(house.desk, call);
    expect(replies[0]?.text).toBe('1 request is open. The oldest is REQ-0142, asked 1 h ago.');
  });

  it('leaves out what has expired, although nobody has swept it away yet', async () => {
    const house = aDesk();
    await house.store.commit({ request: { ...aRequest({ expiresAt: ASKED_AT }), version: 0 }, audit: [], effects: [] });
    const { call, replies } = aCall(BEN, 'requests');
    await slash(house.desk, call);
    expect(replies[0]?.text).toBe('No request is open.');
  });
});

describe('`panel`', () => {
  it('is posted by the bot where an approver types it', async () => {
    const { posts, text } = await types('panel', CARA);
    expect(posts).toMatchObject([{ text: expect.stringMatching(/lost or stolen/) }]);
    expect(text).toMatch(/It is posted\. Pin it/);
  });

  it('is for approvers; that somebody else tried is in the audit log', async () => {
    const house = aDesk();
    const { call, posts } = aCall(BEN, 'panel');
    await expect(slash(house.desk, call)).rejects.toMatchObject({
      code: 'not-approver',
      message: 'Only approvers can post the panel. Ask one of them to do it.',
    });
    expect(posts).toEqual([]);
    expect(house.store.entries).toMatchObject([{ kind: 'request.refused', facts: { code: 'not-approver' } }]);
  });
});

describe('the Home tab', () => {
  it('is drawn for whoever opens it, and from then on', async () => {
    const { desk, store } = aDesk();
    await openHome(desk, { userId: ANA.slackId, teamId: TEAM });
    expect(store.effects).toEqual([{ kind: 'post', post: { kind: 'home', slackId: ANA.slackId } }]);
    expect(await store.recall(`home-opened:${ANA.slackId}`)).toBe(true);
  });

  it('is drawn for a guest too, whom it tells why they can do nothing; they asked for nothing, so nothing is on record', async () => {
    const { desk, store } = aDesk({ directory: aDirectory([{ ...ANA, standing: 'guest' }]) });
    await openHome(desk, { userId: ANA.slackId, teamId: TEAM });
    expect(store.effects).toEqual([{ kind: 'post', post: { kind: 'home', slackId: ANA.slackId } }]);
    expect(store.entries).toEqual([]);
  });

  it.each([
    ['a deactivated account', aDirectory([{ ...ANA, standing: 'deactivated' }]), TEAM],
    ['a payload that names another workspace', aDirectory(), 'T0HARBOURX1'],
  ])('stays as it is for %s', async (_who, directory, teamId) => {
    const { desk, store } = aDesk({ directory });
    await openHome(desk, { userId: ANA.slackId, teamId });
    expect(store.effects).toEqual([]);
  });
});

describe('a button on the message of a request', () => {
  const step = listItems.with({
    listId: 'list-serials',
    listName: 'Laptops',
    what: 'serial',
    present: false,
    items: [anItem('C02XK0AZJG5J', `Ana Souza <${ANA.email}>`)],
  });
  const plan = { stages: [[step]], warnings: [] };
  const incident: Request = {
    ...aRequest({ id: 'REQ-0007', action: 'lost', effect: 'reduce', status: 'done', plan, planHash: hashPlan(plan) }),
    version: 0,
    steps: [aRecord({ state: 'done', changed: true, touched: ['C02XK0AZJG5J'] })],
  };

  async function presses(button: string, who = CARA, value = ticketOf(incident)) {
    const house = aDesk();
    await house.store.commit({ request: incident, audit: [], effects: [] });
    const called = aCall(who, value);
    await pressOf(house.desk, button)?.(house.desk, called.call);
    return { ...house, ...called, shown: called.views.at(-1) };
  }

  it('opens the form with the person of that request', async () => {
    const { shown } = await presses('open:revoke');
    expect(JSON.stringify(shown?.blocks)).toContain(`"value":"${ANA.email}"`);
  });

  it('gives what nobody types to the request', async () => {
    const { desk, store, call, shown } = await presses('open:restore');
    const restore = desk.actions.find(({ id }) => id === 'restore');
    if (restore === undefined) throw new Error('no restore');
    const { draftId } = readMetadata(shown?.private_metadata ?? '');

    await submitForm(desk, call, { action: restore, values: { reason: 'It was in the train.' }, draftId });

    const [request] = await store.unfinished();
    expect(request).toMatchObject({
      action: 'restore',
      status: 'pending',
      input: { incident: 'REQ-0007', serial: 'C02XK0AZJG5J', reason: 'It was in the train.' },
    });
  });

  it('opens a form that cannot be sent by somebody else, or after more than a day', async () => {
    const { desk, store, clock, call, shown } = await presses('open:restore');
    const restore = desk.actions.find(({ id }) => id === 'restore');
    if (restore === undefined) throw new Error('no restore');
    const { draftId } = readMetadata(shown?.private_metadata ?? '');
    const form = { action: restore, values: { reason: 'It was in the train.' }, draftId };
    const tooOld = /open for too long/;

    expect(JSON.stringify(await submitForm(desk, aCall(DINA).call, form))).toMatch(tooOld);
    clock.advance(25 * 60 * 60 * 1000);
    expect(JSON.stringify(await submitForm(desk, call, form))).toMatch(tooOld);
    expect((await store.unfinished()).length).toBe(0);
  });

  it('says so if nobody knows the request any more', async () => {
    const { shown } = await presses('open:revoke', CARA, `REQ-9999.${'0'.repeat(16)}`);
    expect(shown && readView(shown)).toMatch(/I don’t know this request any more/);
  });

  it('opens an empty form where it speaks of no request', async () => {
    const { shown } = await presses('open:lost', BEN, 'lost');
    expect(readMetadata(shown?.private_metadata ?? '').action).toBe('lost');
  });
});

it('a form that was closed before it was sent opens with what was typed', async () => {
  const { desk, store } = aDesk();
  await store.keep(`draft:${BEN.slackId}:revoke`, { person: { email: ANA.email } }, 60_000);
  const { call, views } = aCall(BEN);
  const revoke = desk.actions.find(({ id }) => id === 'revoke');
  if (revoke === undefined) throw new Error('no revoke');
  await openForm(desk, revoke, call, { words: '' });
  expect(JSON.stringify(views.at(-1)?.blocks)).toContain(ANA.email);
});
