import type { Action } from '../core/action.ts';
import { fieldsOf, PersonValue, type FormValues } from '../core/fields.ts';
import { readTicket } from '../core/request.ts';
import { loadingView } from '../slack/form-view.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { drawForm } from './draw-form.ts';
import { keepInput, newDraftId, recallDraft } from './drafts.ts';
import { failureView } from './explain.ts';
import { identify } from './identify.ts';
import { readWords } from './read-words.ts';
import { requireApprover } from './require-approver.ts';
import { unknownRequest } from './ticket.ts';

/** What the form begins with, and a sentence above it if something of that could not be had. */
interface Start {
  readonly values: FormValues;
  readonly fixed?: Readonly<Record<string, unknown>>;
  readonly notice?: string;
}

/** `/ocs-access add …` and every button that opens a form: a loading view at once, then the form, with what is known. */
export async function openForm(
  desk: Desk,
  action: Action,
  call: Call,
  from: { readonly words: string } | { readonly ticket: string },
): Promise<void> {
  const viewId = await call.open(loadingView(action.title));
  try {
    const { actor } = await identify(desk, call);
    if (action.mayAsk === 'approver') {
      // Before they type anything; it is judged afresh when the form is sent.
      await requireApprover(desk, actor, {
        says: `${actor.name} tried to use “${action.id}” without being an approver.`,
        because: `Only approvers can use “${action.title}”. Ask one of them to do it.`,
        action: action.id,
      });
    }
    desk.offers.prepare(actor.slackId, actor.email?.toLowerCase(), fieldsOf(action.input));
    const { values, fixed, notice } =
      'ticket' in from
        ? await startOfRequest(desk, action, from.ticket)
        : await startOfWords(desk, action, call.userId, from.words);
    const draftId = newDraftId();
    if (fixed !== undefined) await keepInput(desk.store, { userId: call.userId, draftId, part: 'fixed' }, fixed);
    const form = { action, values, draftId, ...(notice === undefined ? {} : { notice }) };
    await call.update(viewId, drawForm(desk, form));
  } catch (error) {
    await call.update(viewId, failureView(error, desk));
  }
}

async function startOfRequest({ store }: Desk, { from }: Action, ticket: string): Promise<Start> {
  const request = await store.load(readTicket(ticket)?.id ?? '');
  if (request === undefined) throw unknownRequest();
  return from?.(request) ?? { values: {} };
}

/** What was typed now counts; without it, what was typed into a form that was closed before it was sent. */
async function startOfWords(desk: Desk, action: Action, userId: string, words: string): Promise<Start> {
  const typed = readWords(action, words);
  if (Object.keys(typed).length === 0) return { values: await recallDraft(desk.store, userId, action.id) };
  return withAddresses(desk, action, typed);
}

/** Those who have access are known by their addresses, whoever is mentioned. */
async function withAddresses({ directory }: Desk, { input }: Action, typed: FormValues): Promise<Start> {
  let start: Start = { values: typed };
  for (const { key, field } of fieldsOf(input)) {
    const slackId = PersonValue.safeParse(typed[key]).data?.slackId;
    if (field !== 'insider' || slackId === undefined) continue;
    const { actor } = await directory.find(slackId);
    const { [key]: _mention, ...others } = start.values;
    start =
      actor.email === undefined
        ? { values: others, notice: `Slack shows no e-mail address for ${actor.name}. Find them below, or type it.` }
        : { ...start, values: { ...others, [key]: { email: actor.email } } };
  }
  return start;
}
