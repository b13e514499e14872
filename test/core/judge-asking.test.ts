import { describe, expect, it } from 'vitest';
import { TransientError } from '../../src/core/errors.ts';
import { SYSTEM } from '../../src/core/person.ts';
import { aHouse, anAdd, anaActs, named, refusal } from '../builders/a-house.ts';
import { BEN, CARA } from '../builders/a-request.ts';
import { aCut, anAction } from '../builders/an-action.ts';

const slackDown = (): never => {
  throw new TransientError('Slack does not answer.', { code: 'slack-down' });
};

describe('how many approvals a request needs', () => {
  it.each([
    ['none for an approver', CARA, 'approved'],
    ['none for whoever it is about', anaActs, 'approved'],
    ['none for the bot itself', SYSTEM, 'approved'],
    ['one for anybody else', BEN, 'pending'],
  ])('is %s, as the action says', async (_who, actor, status) => {
    const { ask } = aHouse({ actions: [aCut()] });

    expect(await ask('lost', anAdd(), actor)).toMatchObject({ status, approvalsNeeded: status === 'pending' ? 1 : 0 });
  });

  it('is known from Slack as it is now', async () => {
    const { ask, approvers } = aHouse({ actions: [aCut()] });
    await ask('lost', anAdd(), BEN);
    approvers.delete(CARA.slackId);

    expect(await ask('lost', anAdd(), CARA)).toMatchObject({ status: 'pending' });
  });

  it('is more than the configured number where the action says so', async () => {
    const { ask } = aHouse({ actions: [anAction({ approvals: () => 2 })] });

    expect(await ask('add', anAdd(), BEN)).toMatchObject({ status: 'pending', approvalsNeeded: 2 });
  });
});

describe('while Slack does not answer', () => {
  it('an owner is not kept from cutting their device off', async () => {
    const { ask } = aHouse({ actions: [aCut()], beforeApprovers: slackDown });

    expect(await ask('lost', anAdd(), anaActs)).toMatchObject({ status: 'approved' });
  });

  it('the bot still acts at an end date', async () => {
    const { ask } = aHouse({ actions: [aCut()], beforeApprovers: slackDown });

    expect(await ask('lost', anAdd(), SYSTEM)).toMatchObject({ status: 'approved' });
  });

  it('nobody is taken for a colleague without rights, or for an approver', async () => {
    const { ask, store } = aHouse({
      actions: [aCut(), anAction({ mayAsk: 'approver' })],
      beforeApprovers: slackDown,
    });

    await expect(ask('lost', anAdd(), CARA)).rejects.toMatchObject({ code: 'slack-down' });
    await expect(ask('add', anAdd(), CARA)).rejects.toMatchObject({ code: 'slack-down' });
    expect(store.entries).toEqual([]);
  });
});

describe('what only approvers may ask', () => {
  it('the bot may', async () => {
    const { ask } = aHouse({ actions: [anAction({ mayAsk: 'approver', approvals: () => 0 })] });

    expect(await ask('add', anAdd(), SYSTEM)).toMatchObject({ status: 'approved', requester: SYSTEM });
  });

  it('is refused before anything is said about the account, and written down', async () => {
    const { ask, store } = aHouse({
      actions: [anAction({ mayAsk: 'approver' })],
      whileLooking: () => {
        throw new TransientError('Cloudflare does not answer.', { code: 'cloudflare-down' });
      },
    });

    expect((await refusal(ask('add', anAdd(), BEN))).code).toBe('not-approver');
    expect(store.entries).toMatchObject([{ kind: 'request.refused', facts: { code: 'not-approver' } }]);
    expect(named(store.effects)).toEqual([]);
  });
});
