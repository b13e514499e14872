import { randomBytes } from 'node:crypto';
import { nameUnnamed } from './elements.ts';
import { stateOf } from './form-state.ts';
import { asText, objectsOf, type JsonObject } from './json.ts';
import type { OpenView, Workspace } from './workspace.ts';

/** The modals that each person has open, and their Home tab. Knows no rules; the callers check. */
export function createModals(workspace: Workspace) {
  const stackOf = (userId: string): OpenView[] => workspace.stacks.get(userId) ?? [];

  function fresh(userId: string, definition: JsonObject): OpenView {
    const id = workspace.nextId('V');
    const view: OpenView = {
      id,
      userId,
      rootId: id,
      previousId: undefined,
      definition: {},
      state: {},
      errors: {},
      hash: '',
    };
    fill(view, definition);
    return view;
  }

  function fill(view: OpenView, definition: JsonObject): void {
    const blocks = nameUnnamed(objectsOf(definition['blocks']), workspace.nextId);
    view.definition = { ...structuredClone(definition), blocks };
    view.state = stateOf(blocks, view.state);
    view.errors = {};
    view.hash = `${Math.floor(workspace.now() / 1000)}.${randomBytes(4).toString('hex')}`;
  }

  function tell(view: OpenView, what: string): void {
    workspace.changes.tell(view.definition['type'] === 'home' ? 'home' : 'view', `${what} ${view.id}`);
  }

  return {
    stackOf,
    top: (userId: string): OpenView | undefined => stackOf(userId).at(-1),
    open(userId: string, definition: JsonObject): OpenView {
      const view = fresh(userId, definition);
      workspace.stacks.set(userId, [view]);
      tell(view, 'opened');
      return view;
    },
    push(userId: string, definition: JsonObject): OpenView {
      const below = stackOf(userId);
      const view = fresh(userId, definition);
      view.rootId = below[0]?.id ?? view.id;
      view.previousId = below.at(-1)?.id;
      workspace.stacks.set(userId, [...below, view]);
      tell(view, 'pushed');
      return view;
    },
    /** What stood in a field stays where block id and action id are the same. */
    update(view: OpenView, definition: JsonObject): void {
      fill(view, definition);
      tell(view, 'updated');
    },
    publish(userId: string, definition: JsonObject): OpenView {
      const known = workspace.homes.get(userId);
      const view = known ?? fresh(userId, definition);
      if (known !== undefined) fill(known, definition);
      workspace.homes.set(userId, view);
      tell(view, 'published');
      return view;
    },
    refuse(view: OpenView, errors: Record<string, string>): void {
      view.errors = errors;
      tell(view, 'refused');
    },
    /** Removes the view and what lies on top of it. */
    remove(view: OpenView): void {
      const stack = stackOf(view.userId);
      const index = stack.indexOf(view);
      if (index >= 0) workspace.stacks.set(view.userId, stack.slice(0, index));
      tell(view, 'closed');
    },
    clear(userId: string): void {
      workspace.stacks.set(userId, []);
      workspace.changes.tell('view', `cleared for ${userId}`);
    },
    find(id: string, externalId: string): OpenView | undefined {
      return all(workspace).find((view) =>
        id === '' ? asText(view.definition['external_id']) === externalId : view.id === id,
      );
    },
    hasExternalId(externalId: string, except: OpenView | undefined): boolean {
      return all(workspace).some((view) => view !== except && view.definition['external_id'] === externalId);
    },
  };
}

export type Modals = ReturnType<typeof createModals>;

function all(workspace: Workspace): OpenView[] {
  return [...[...workspace.stacks.values()].flat(), ...workspace.homes.values()];
}
