import type { Action } from '../core/action.ts';
import { formView, loadingView } from '../slack/form-view.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { newDraftId, recallDraft } from './drafts.ts';
import { failureView } from './explain.ts';
import { identify } from './identify.ts';
import { readWords } from './read-words.ts';

/** `/ocs-access add …` and the buttons in help: a loading view at once, then the form, filled in with what is known. */
export async function openForm(desk: Desk, action: Action, call: Call, words: string): Promise<void> {
  const viewId = await call.open(loadingView(action.title));
  try {
    await identify(desk, call);
    const typed = readWords(action, words);
    // What was typed now counts; without it, what was typed into a form that was closed before it was sent.
    const values = Object.keys(typed).length > 0 ? typed : await recallDraft(desk.store, call.userId, action.id);
    await call.update(viewId, formView({ action, values, draftId: newDraftId() }));
  } catch (error) {
    await call.update(viewId, failureView(error, desk));
  }
}
