import { checkView } from './check-view.ts';
import { asObject, asText, isNothing, objectsOf, type Json, type JsonObject } from './json.ts';
import { limits } from './limits.ts';
import type { Platform } from './method.ts';
import type { OpenView } from './workspace.ts';

const trouble = 'We had some trouble connecting. Try again?';

/** What the answer to a submission did. `errors` by block id; `shown` when the client could not follow it. */
export interface Applied {
  errors?: Record<string, string>;
  shown?: string;
}

/** Does to the person's modals what the app answered to `view_submission`. */
export function applySubmission(platform: Platform, view: OpenView, body: Json | undefined): Applied {
  const { modals } = platform;
  if (isNothing(body)) {
    modals.remove(view);
    return {};
  }
  const answer = asObject(body);
  switch (asText(answer['response_action'])) {
    case 'clear':
      modals.clear(view.userId);
      return {};
    case 'errors':
      return applyErrors(platform, view, answer);
    case 'update':
    case 'push':
      return applyView(platform, view, answer);
    default:
      return broken(platform, view, `response_action "${asText(answer['response_action'])}" is not one Slack knows`);
  }
}

function applyErrors(platform: Platform, view: OpenView, answer: JsonObject): Applied {
  const inputs = new Set(
    objectsOf(view.definition['blocks'])
      .filter((block) => block['type'] === 'input')
      .map((block) => block['block_id']),
  );
  const entries = Object.entries(asObject(answer['errors']));
  const stray = entries.filter(([blockId]) => !inputs.has(blockId)).map(([blockId]) => blockId);
  if (entries.length === 0) return broken(platform, view, 'errors without an entry');
  if (stray.length > 0) return broken(platform, view, `errors for what is not an input block: ${stray.join(', ')}`);
  const errors = Object.fromEntries(entries.map(([blockId, message]) => [blockId, asText(message)]));
  platform.modals.refuse(view, errors);
  return { errors };
}

function applyView(platform: Platform, view: OpenView, answer: JsonObject): Applied {
  const { modals } = platform;
  const definition = asObject(answer['view']);
  const wrong = checkView(definition).map(({ pointer, message }) => `${message} [json-pointer:/view${pointer}]`);
  if (definition['type'] !== 'modal') wrong.push('only a modal can follow a submission');
  if (wrong.length > 0) return broken(platform, view, wrong.join('; '));
  if (answer['response_action'] === 'update') {
    modals.update(view, definition);
    return {};
  }
  if (modals.stackOf(view.userId).length >= limits.view.stack) return broken(platform, view, 'a fourth modal');
  modals.push(view.userId, definition);
  return {};
}

function broken(platform: Platform, view: OpenView, why: string): Applied {
  platform.workspace.suspect(`view_submission ${asText(view.definition['callback_id'])}: ${why}`);
  return { shown: trouble };
}

export const submissionTrouble = trouble;
