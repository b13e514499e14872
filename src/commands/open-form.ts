import type { ModalView } from '@slack/types';
import type { Action, IntroLine } from '../core/action.ts';
import { fieldsOf, fixedPartsOf, hasSecrets, isFieldless, PersonValue, type FormValues } from '../core/fields.ts';
import type { Actor } from '../core/person.ts';
import { readTicket } from '../core/request.ts';
import { noExportKey } from '../core/vault.ts';
import { fit } from '../slack/fit.ts';
import { loadingView } from '../slack/form-view.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { drawForm } from './draw-form.ts';
import { keepInput, newDraftId, recallDraft } from './drafts.ts';
import { failureView } from './explain.ts';
import { identify } from './identify.ts';
import { readIntro } from './read-intro.ts';
import { readWords } from './read-words.ts';
import { requireApprover } from './require-approver.ts';
import { planView } from './submit-form.ts';
import { unknownRequest } from './ticket.ts';

/** What the form begins with, and a sentence above it if something of that could not be had. */
export interface Start {
  readonly values: FormValues;
  readonly fixed?: Readonly<Record<string, unknown>>;
  readonly notice?: string;
  /** How that is now which it is about. */
  readonly intro?: readonly IntroLine[];
}

/** What was typed after the command, the request on whose message the button stands, or what has to be read first. */
type From = { readonly words: string } | { readonly ticket: string } | { readonly start: () => Promise<Start> };

/** Longer ones are cut: nobody sees them in a field. */
const REASON_MAX = 500;

/** `/ocs-access add …` and every button that opens a form: a loading view at once, then the form, with what is known; or the plan. */
export async function openForm(desk: Desk, action: Action, call: Call, from: From): Promise<void> {
  const viewId = await call.open(loadingView(action.title));
  try {
    const { actor } = await identify(desk, call);
    if (action.mayAsk === 'approver') {
      // Before they type anything; it is judged afresh when the form is sent.
      await requireApprover(desk, actor, {
        tried: `to use “${action.id}”`,
        because: `Only approvers can use “${action.title}”. Ask one of them to do it.`,
        action: action.id,
      });
    }
    if (hasSecrets(action.input) && !desk.vault.isReady) throw noExportKey();
    const view = isFieldless(action.input)
      ? await planToConfirm(desk, action, actor, from)
      : await formToFill(desk, action, actor, from);
    await call.update(viewId, view);
  } catch (error) {
    await call.update(viewId, failureView(error, desk));
  }
}

async function formToFill(desk: Desk, action: Action, actor: Actor, from: From): Promise<ModalView> {
  desk.offers.prepare(actor.slackId, actor.email?.toLowerCase(), fieldsOf(action.input));
  const [{ values, fixed, notice, intro: about }, known] = await Promise.all([
    startOf(desk, action, actor, from),
    readIntro(desk, action),
  ]);
  const intro = known.intro ?? about;
  const draftId = newDraftId();
  if (fixed !== undefined) await keepInput(desk.store, { userId: actor.slackId, draftId, part: 'fixed' }, fixed);
  const notices = [notice, known.notice].filter((one) => one !== undefined);
  return drawForm(desk, {
    action,
    values,
    draftId,
    ...(intro === undefined ? {} : { intro }),
    ...(notices.length === 0 ? {} : { notice: notices.join(' ') }),
  });
}

function startOf(desk: Desk, action: Action, actor: Actor, from: From): Promise<Start> {
  if ('start' in from) return from.start();
  if ('ticket' in from) return startOfRequest(desk, action, from.ticket);
  return startOfWords(desk, action, actor.slackId, from.words);
}

/** Where nothing is to be filled in, the plan is shown at once. */
async function planToConfirm(desk: Desk, action: Action, actor: Actor, from: From): Promise<ModalView> {
  const { fixed: input = {} } =
    'words' in from ? { fixed: reasonIn(action, from.words) } : await startOf(desk, action, actor, from);
  const preview = await desk.ask.preview(action.id, input, actor);
  return planView(desk, action, input, preview, { actor, draftId: newDraftId() });
}

/** What was typed after the command is why, if there is a place for it. */
function reasonIn({ input }: Action, words: string): Readonly<Record<string, unknown>> {
  const hasPlace = fixedPartsOf(input).some(({ key }) => key === 'reason');
  const reason = fit(words, REASON_MAX);
  return hasPlace && reason !== '' ? { reason } : {};
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
