import type { BlockAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Action } from '../core/action.ts';
import { fieldsOf, type FormValues } from '../core/fields.ts';
import { ids } from '../slack/ids.ts';
import { readForm, readMetadata } from '../slack/read-form.ts';
import { asOurs, slackCode } from '../slack/translate-error.ts';
import type { Desk } from './desk.ts';
import { drawForm } from './draw-form.ts';
import { keepDraft, recallDraft } from './drafts.ts';
import type { PressedOffer } from './press-offer.ts';

/** They picked again or closed the form meanwhile: what they see is newer than what we would show. */
const OUTDATED = new Set(['hash_conflict', 'not_found', 'view_not_found']);

/** The form again after a pick that changes what it explains: the way to the serial number differs by system. */
export async function redraw(desk: Desk, body: BlockAction, client: WebClient): Promise<void> {
  const form = formIn(desk, body);
  if (form === undefined) return;
  const { view, action, draftId, values, above } = form;
  const isInvite = view.callback_id === ids.inviteSubmit;
  const only = isInvite ? (await desk.store.load(draftId))?.waitsFor?.field : undefined;
  if (!isInvite) await keepDraft(desk.store, body.user.id, action.id, values);
  await show(
    client,
    view,
    drawForm(desk, { action, values, draftId, ...above, ...(only === undefined ? {} : { only: [only] }) }),
  );
}

/** The same modal as another form: for several people, or back. What both ask for stays. */
export async function switchForm(desk: Desk, body: BlockAction, client: WebClient, wanted: string): Promise<void> {
  const form = formIn(desk, body);
  const action = desk.actions.find(({ id }) => id === wanted);
  if (form === undefined || action === undefined) return;
  const { view, draftId, values, above } = form;
  const userId = body.user.id;
  await keepDraft(desk.store, userId, form.action.id, values);
  const before = await recallDraft(desk.store, userId, action.id);
  await show(
    client,
    view,
    drawForm(desk, { action, values: { ...before, ...shared(values, form.action, action) }, draftId, ...above }),
  );
}

/** The offer that stands in the form, taken as it stands now. Undefined: the button is not in a form of ours. */
export function offerIn(desk: Desk, body: BlockAction): PressedOffer | undefined {
  const found = formIn(desk, body);
  if (found?.offerId === undefined) return undefined;
  const { view, offerId, action, draftId, values, above } = found;
  return { viewId: view.id, offerId, form: { action, draftId, values, ...above } };
}

function formIn({ actions }: Desk, { view }: BlockAction) {
  if (view === undefined) return undefined;
  const { action: actionId, draftId, intro, offer: offerId } = readMetadata(view.private_metadata);
  const action = actions.find(({ id }) => id === actionId);
  const above = intro === undefined ? {} : { intro };
  return action && { view, action, draftId, offerId, above, values: readForm(action, view.state.values) };
}

/** What was typed into fields that the other form has too. */
function shared(values: FormValues, from: Action, to: Action): FormValues {
  const kinds = new Map(fieldsOf(from.input).map(({ key, field }) => [key, field]));
  const both = fieldsOf(to.input).filter(({ key, field }) => kinds.get(key) === field && values[key] !== undefined);
  return Object.fromEntries(both.map(({ key }) => [key, values[key]]));
}

async function show(client: WebClient, { id, hash }: NonNullable<BlockAction['view']>, view: ModalView): Promise<void> {
  try {
    await asOurs(client.views.update({ view_id: id, hash, view }));
  } catch (error) {
    if (!OUTDATED.has(slackCode(error) ?? '')) throw error;
  }
}
