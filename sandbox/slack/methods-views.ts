import { checkView } from './check-view.ts';
import { asText, objectsOf, type JsonObject } from './json.ts';
import { limits } from './limits.ts';
import { invalidArguments, Refusal, type Args, type Method, type Platform } from './method.ts';
import { refusedBlocks } from './post.ts';
import { viewJson } from './to-json.ts';
import type { OpenView } from './workspace.ts';
import type { Trigger } from './trigger-ids.ts';

const needs = { tier: 4, token: 'bot', scopes: [] } as const;

export const viewMethods: Method[] = [
  {
    name: 'views.open',
    ...needs,
    run(platform, args) {
      const { userId, viewId } = spend(platform, args);
      const definition = viewOf(platform, args, 'views.open', 'modal', undefined);
      if (viewId !== undefined && platform.modals.top(userId) !== undefined) {
        platform.workspace.suspect('views.open from inside a modal replaces it: views.push stacks');
      }
      return shown(platform, platform.modals.open(userId, definition));
    },
  },
  {
    name: 'views.push',
    ...needs,
    run(platform, args) {
      const { userId, viewId } = spend(platform, args);
      const definition = viewOf(platform, args, 'views.push', 'modal', undefined);
      const stack = platform.modals.stackOf(userId);
      if (viewId === undefined || stack.length === 0) throw new Refusal('invalid_trigger_id');
      if (stack.length >= limits.view.stack) throw new Refusal('push_limit_reached');
      return shown(platform, platform.modals.push(userId, definition));
    },
  },
  {
    name: 'views.update',
    ...needs,
    run(platform, args) {
      if (!args.has('view_id') && !args.has('external_id')) throw invalidArguments('missing required field: view_id');
      const view = platform.modals.find(args.text('view_id'), args.text('external_id'));
      if (view === undefined) throw new Refusal('not_found');
      const type = view.definition['type'] === 'home' ? 'home' : 'modal';
      const definition = viewOf(platform, args, 'views.update', type, view);
      guardHash(view, args);
      platform.modals.update(view, definition);
      return shown(platform, view);
    },
  },
  {
    name: 'views.publish',
    ...needs,
    run(platform, args) {
      const userId = args.required('user_id');
      const user = platform.workspace.users.get(userId);
      if (user === undefined || user.deleted || user.isBot) throw invalidArguments('invalid `user_id`');
      const view = platform.workspace.homes.get(userId);
      const definition = viewOf(platform, args, 'views.publish', 'home', view);
      if (view !== undefined) guardHash(view, args);
      return shown(platform, platform.modals.publish(userId, definition));
    },
  },
];

function spend(platform: Platform, args: Args): Trigger {
  const spent = platform.triggers.spend(args.required('trigger_id'));
  if (spent.ok) return spent.trigger;
  platform.workspace.suspect(`trigger id: ${spent.error}`);
  throw new Refusal(spent.error);
}

function guardHash(view: OpenView, args: Args): void {
  if (args.has('hash') && args.text('hash') !== view.hash) throw new Refusal('hash_conflict');
}

function shown(platform: Platform, view: OpenView): JsonObject {
  return { view: viewJson(platform.workspace, view) };
}

function viewOf(
  platform: Platform,
  args: Args,
  by: string,
  type: 'modal' | 'home',
  replaces: OpenView | undefined,
): JsonObject {
  const definition = args.object('view');
  if (definition === undefined) throw invalidArguments('missing required field: view');
  if (Buffer.byteLength(JSON.stringify(definition)) > limits.view.bytes) throw new Refusal('view_too_large');
  refuseView(platform, by, definition, type);
  const externalId = asText(definition['external_id']);
  if (externalId !== '' && platform.modals.hasExternalId(externalId, replaces)) {
    throw new Refusal('duplicate_external_id');
  }
  return definition;
}

function refuseView(platform: Platform, by: string, definition: JsonObject, type: 'modal' | 'home'): void {
  const injected = refusedBlocks(platform.faults, objectsOf(definition['blocks']));
  const wrongType =
    definition['type'] === type ? [] : [{ pointer: '/type', message: `must be "${type}" for ${by}`, code: undefined }];
  const found = [...wrongType, ...checkView(definition)];
  if (found.length === 0 && injected.length === 0) return;
  const messages = [...found, ...injected].map(
    ({ pointer, message }) => `[ERROR] ${message} [json-pointer:/view${pointer}]`,
  );
  if (found.length > 0) platform.workspace.suspect(`${by}: invalid_arguments: ${messages.join('; ')}`);
  throw new Refusal('invalid_arguments', { response_metadata: { messages } });
}
