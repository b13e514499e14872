import type { Request } from '../core/request.ts';
import { denyView } from '../slack/deny-view.ts';
import { detailsView } from '../slack/details-view.ts';
import { loadingView } from '../slack/form-view.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { failureView } from './explain.ts';
import { identify } from './identify.ts';
import type { Answer } from './submission.ts';
import { ticketIn, unknownRequest } from './ticket.ts';

/** The card changes for everybody by itself; only a press that did nothing needs words of its own. */
export async function approve(desk: Desk, call: Call): Promise<void> {
  const { id, plan } = ticketIn(call.value);
  await desk.decide.approve(id, plan, await identify(desk, call, { fresh: true }));
}

export async function withdraw(desk: Desk, call: Call): Promise<void> {
  await desk.decide.withdraw(ticketIn(call.value).id, await identify(desk, call, { fresh: true }));
}

/** Asks for the reason; who may deny is judged when it is sent. */
export async function openDeny(desk: Desk, call: Call): Promise<void> {
  await openAbout(desk, call, (request) => denyView(request));
}

export async function submitDenial(desk: Desk, call: Call, reason: string): Promise<Answer> {
  try {
    await desk.decide.deny(ticketIn(call.value).id, reason, await identify(desk, call, { fresh: true }));
    return { response_action: 'clear' };
  } catch (error) {
    return { response_action: 'update', view: failureView(error, desk), failed: true };
  }
}

export async function showDetails(desk: Desk, call: Call): Promise<void> {
  await openAbout(desk, call, (request) => detailsView(request));
}

async function openAbout(
  desk: Desk,
  call: Call,
  draw: (request: Request) => Parameters<Call['update']>[1],
): Promise<void> {
  const { id } = ticketIn(call.value);
  const viewId = await call.open(loadingView(id));
  try {
    await identify(desk, call);
    const request = await desk.store.load(id);
    if (request === undefined) throw unknownRequest();
    await call.update(viewId, draw(request));
  } catch (error) {
    await call.update(viewId, failureView(error, desk));
  }
}
