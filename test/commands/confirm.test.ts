import type { ModalView } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { revoke } from '../../src/actions/revoke.ts';
import { submitConfirmation } from '../../src/commands/confirm.ts';
import { recallDraft } from '../../src/commands/drafts.ts';
import { submitForm } from '../../src/commands/submit-form.ts';
import type { Answer } from '../../src/commands/submission.ts';
import { TransientError } from '../../src/core/errors.ts';
import { readConfirmMetadata } from '../../src/slack/confirm-view.ts';
import { aCall, aDesk, type DeskOptions } from '../builders/a-desk.ts';
import { addresses, aPolicy, email } from '../builders/a-policy.ts';
import { ANA, BEN, CARA } from '../builders/a-request.ts';
import { aDevice, aSnapshot, aUser } from '../builders/a-snapshot.ts';
import { readView } from '../slack/read.ts';

const snapshot = aSnapshot({
  allow: aPolicy({ include: [...addresses(2), ANA.email].map(email) }),
  users: [aUser()],
  devices: [aDevice()],
});
const form = {
  action: revoke,
  values: { person: { email: ANA.email }, reason: 'Left the team' },
  draftId: 'draft-1',
};

/** Somebody sends the form; what they see then. */
async function sends(who: typeof BEN, options: DeskOptions = {}) {
  const house = aDesk({ snapshot, ...options });
  const { call } = aCall(who);
  const view = viewIn(await submitForm(house.desk, call, form));
  const confirms = async (seen: ModalView = view) =>
    viewIn(await submitConfirmation(house.desk, call, readConfirmMetadata(seen.private_metadata ?? '')));
  return { ...house, call, view, confirms };
}

function viewIn(answer: Answer): ModalView {
  if (answer.response_action === 'update' && answer.view.type === 'modal') return answer.view;
  throw new Error(JSON.stringify(answer));
}

describe('an approver who revokes', () => {
  it('reads the plan before anything is stored', async () => {
    const { view, store } = await sends(CARA);
    expect(view.callback_id).toBe('confirm-submit');
    expect(readView(view)).toMatch(/Revoke all access of Ana Souza\?/);
    expect(readView(view)).toMatch(/ana\.souza@lanternhealth\.example/);
    expect(await store.unfinished()).toEqual([]);
    expect(store.entries).toEqual([]);
  });

  it('starts exactly that plan', async () => {
    const { view, store, confirms } = await sends(CARA);
    expect(readView(await confirms())).toMatch(/REQ-0001 is on its way/);
    const [request] = await store.unfinished();
    expect(request).toMatchObject({ status: 'approved', action: 'revoke', reason: 'Left the team' });
    expect(request?.planHash).not.toBe('');
    expect(readConfirmMetadata(view.private_metadata ?? '').draftId).toBe('draft-1');
  });

  it('starts it once, however often the button is pressed', async () => {
    const { store, confirms } = await sends(CARA);
    await Promise.all([confirms(), confirms(), confirms()]);
    expect(readView(await confirms())).toMatch(/REQ-0001 is on its way/);
    expect(await store.unfinished()).toHaveLength(1);
  });

  it('reads it again if something changed meanwhile, and starts what they read then', async () => {
    const { account, store, confirms } = await sends(CARA);
    account.enrol(aDevice({ id: 'device-9', name: 'ana-second', serial: 'SECOND01' }));
    const again = await confirms();
    expect(again.callback_id).toBe('confirm-submit');
    expect(readView(again)).toMatch(/Something changed in Cloudflare since you read this/);
    expect(readView(again)).toMatch(/ana-second|2 devices/);
    expect(await store.unfinished()).toEqual([]);

    expect(readView(await confirms(again))).toMatch(/REQ-0001 is on its way/);
    expect(await store.unfinished()).toHaveLength(1);
  });

  it('sends the form again if they read it a day ago', async () => {
    const { clock, store, confirms } = await sends(CARA);
    clock.advance(25 * 60 * 60 * 1000);
    const view = await confirms();
    expect(view.callback_id).toBe('form-submit');
    expect(readView(view)).toMatch(/You read this plan too long ago/);
    expect(await store.unfinished()).toEqual([]);
  });

  it('has the form again while Cloudflare does not answer, and can send it once more', async () => {
    const { desk, call, account, store, confirms } = await sends(CARA);
    let isDown = true;
    account.intercept('before', () => {
      if (isDown) throw new TransientError('Cloudflare does not answer.', { code: 'cloudflare-down' });
    });
    const again = await confirms();
    expect(again.callback_id).toBe('form-submit');
    expect(readView(again)).toMatch(/Cloudflare does not answer/);

    isDown = false;
    expect(readView(await confirms(viewIn(await submitForm(desk, call, form))))).toMatch(/REQ-0001 is on its way/);
    expect(await store.unfinished()).toHaveLength(1);
  });
});

it('somebody else’s form becomes a request that waits for an approver', async () => {
  const { view, store } = await sends(BEN);
  expect(readView(view)).toMatch(/The approvers see it now/);
  expect(await store.unfinished()).toMatchObject([{ status: 'pending', approvalsNeeded: 1 }]);
});

it('what the plan refuses is told in the form, which can be sent again', async () => {
  const { desk, store } = aDesk({ snapshot: aSnapshot() });
  const { call } = aCall(CARA);
  const refused = await submitForm(desk, call, form);
  expect(refused).toEqual({
    response_action: 'errors',
    errors: {
      'person.pick': expect.stringMatching(/^ana\.souza@lanternhealth\.example|^Ana Souza has no access here/),
    },
  });
  expect(await submitForm(desk, call, form)).toEqual(refused);
  expect(await store.unfinished()).toEqual([]);
  expect(await recallDraft(store, CARA.slackId, 'revoke')).toEqual(form.values);
});
