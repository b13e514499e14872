import type { View } from '@slack/types';
import { UserError } from '../core/errors.ts';
import type { FormValues } from '../core/fields.ts';
import { pastDecision } from '../core/approval.ts';
import { readTicket, type Request } from '../core/request.ts';
import type { Action } from '../core/action.ts';
import { formView, loadingView, noticeView, workingView } from '../slack/form-view.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { claimForm, releaseForm, spendForm } from './drafts.ts';
import { failureView } from './explain.ts';
import { identify } from './identify.ts';
import { checkValues } from './resolve-values.ts';
import { answerFailure, asView, viewOf, type Answer, type SentForm } from './submission.ts';
import { deviceInput } from './values/typed.ts';

const THANKS =
  'That is all I need from you. The approvers see the request now; when they have said yes, I send you the steps to sign in.';

/** The colleague's own form: one field of the action, for the one request that waits for it. */
export async function openInvite(desk: Desk, call: Call): Promise<void> {
  const viewId = await call.open(loadingView('Your device'));
  try {
    await identify(desk, call);
    const { request, action, field } = await waitingRequest(desk, call.value);
    await call.update(viewId, formView({ action, values: {}, draftId: request.id, only: [field] }));
  } catch (error) {
    await call.update(viewId, failureView(error, desk));
  }
}

/** `work`: the answer to the sent form. `draw`: how that looks in a modal that has been answered already. */
export function submitInvite(
  desk: Desk,
  call: Call,
  requestId: string,
  read: (action: Action) => FormValues,
): { readonly work: Promise<Answer>; readonly draw: (answer: Answer) => View } {
  let form: SentForm | undefined;
  async function send(): Promise<Answer> {
    try {
      const { request, action, field } = await waitingRequest(desk, requestId);
      form = { action, values: read(action), draftId: request.id, only: [field] };
      const problems = checkValues(desk, action, form.values, form.only);
      if (Object.keys(problems).length > 0) return { response_action: 'errors', errors: problems };
      const claim = await claimForm(desk.store, request.id);
      return claim.state === 'mine'
        ? await complete(desk, call, form, field)
        : { response_action: 'update', view: workingView() };
    } catch (error) {
      if (form !== undefined) return answerFailure(error, form, desk);
      return { response_action: 'update', view: failureView(error, desk), failed: true };
    }
  }
  return { work: send(), draw: (answer) => (form === undefined ? viewOf(answer) : asView(answer, form, desk)) };
}

async function complete(desk: Desk, call: Call, { values, draftId }: SentForm, field: string): Promise<Answer> {
  try {
    const { actor } = await identify(desk, call);
    const request = await desk.ask.complete(draftId, deviceInput(values[field]), actor);
    await spendForm(desk.store, draftId, request.id);
    return { response_action: 'update', view: noticeView(THANKS, `Thank you (${request.id})`) };
  } catch (error) {
    await releaseForm(desk.store, draftId);
    throw error;
  }
}

async function waitingRequest(
  desk: Desk,
  ticket: string,
): Promise<{ request: Request; action: Action; field: string }> {
  const request = await desk.store.load(readTicket(ticket)?.id ?? ticket);
  const action = desk.actions.find((one) => one.id === request?.action);
  const field = request?.waitsFor?.field;
  if (request === undefined || action === undefined || field === undefined) {
    throw new UserError('I don’t know this request any more. Ask your colleague to send it again.', {
      code: 'no-such-request',
    });
  }
  if (request.status !== 'waiting') {
    throw new UserError(
      `${request.id} ${request.status === 'pending' ? 'has its serial number already. Thank you!' : pastDecision(request)}`,
      { code: 'not-waiting' },
    );
  }
  return { request, action, field };
}
