import type { BlockAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { formView } from '../slack/form-view.ts';
import { ids } from '../slack/ids.ts';
import { readForm, readMetadata } from '../slack/read-form.ts';
import { asOurs, slackCode } from '../slack/translate-error.ts';
import type { Desk } from './desk.ts';
import { keepDraft } from './drafts.ts';

/** They picked again or closed the form meanwhile: what they see is newer than what we would show. */
const OUTDATED = new Set(['hash_conflict', 'not_found', 'view_not_found']);

/** The form again after a pick that changes what it explains: the way to the serial number differs by system. */
export async function redraw({ actions, store }: Desk, body: BlockAction, client: WebClient): Promise<void> {
  const { view } = body;
  if (view === undefined) return;
  const { action: actionId, draftId } = readMetadata(view.private_metadata);
  const action = actions.find(({ id }) => id === actionId);
  if (action === undefined) return;
  const values = readForm(action, view.state.values);
  const isInvite = view.callback_id === ids.inviteSubmit;
  const only = isInvite ? (await store.load(draftId))?.waitsFor?.field : undefined;
  const form = { action, values, draftId, ...(only === undefined ? {} : { only: [only] }) };
  if (!isInvite) await keepDraft(store, body.user.id, actionId, values);
  try {
    await asOurs(client.views.update({ view_id: view.id, hash: view.hash, view: formView(form) }));
  } catch (error) {
    if (!OUTDATED.has(slackCode(error) ?? '')) throw error;
  }
}
