import type { Ack, Delivery } from './delivery.ts';
import { findChannel, findGroup, findPerson } from './find-in-workspace.ts';
import { asText, type JsonObject } from './json.ts';
import { eventPayload } from './payloads.ts';
import { userJson } from './to-json.ts';
import type { User, Workspace } from './workspace.ts';

/** Whether the app is told by an event. It is, unless switched off. */
export interface Telling {
  emit?: boolean;
}

/** What administrators and colleagues do to the workspace itself. Resolves when the app acknowledged the event. */
export function createOffice(workspace: Workspace, delivery: Delivery) {
  async function emit(event: JsonObject): Promise<Ack | undefined> {
    const type = asText(event['type']);
    workspace.changes.tell('people', type);
    if (!workspace.app.events.includes(type)) return undefined;
    return delivery.deliver('events_api', eventPayload(workspace, event));
  }

  async function changeGroup(which: string, added: User[], removed: User[], told: boolean): Promise<void> {
    const group = findGroup(workspace, which);
    const gone = new Set(removed.map((user) => user.id));
    const coming = added.map((user) => user.id).filter((id) => !group.members.includes(id));
    group.members = [...group.members.filter((id) => !gone.has(id)), ...coming];
    const now = Math.floor(workspace.now() / 1000);
    workspace.changes.tell('people', `group ${group.handle}`);
    if (!told) return;
    await emit({
      type: 'subteam_members_changed',
      subteam_id: group.id,
      team_id: workspace.team.id,
      date_previous_update: now,
      date_update: now,
      added_users: coming,
      added_users_count: String(coming.length),
      removed_users: [...gone],
      removed_users_count: String(gone.size),
    });
  }

  return {
    /** Delivers an event of the Events API, if the app has subscribed to it. */
    emit,
    groups: {
      add: (which: string, who: string, { emit: told = true }: Telling = {}) =>
        changeGroup(which, [findPerson(workspace, who)], [], told),
      remove: (which: string, who: string, { emit: told = true }: Telling = {}) =>
        changeGroup(which, [], [findPerson(workspace, who)], told),
      members: (which: string) => [...findGroup(workspace, which).members],
    },
    people: {
      /** Changes what is known about somebody, e.g. `{ deleted: true }`. */
      async change(who: string, what: Partial<Omit<User, 'id'>>, { emit: told = true }: Telling = {}): Promise<void> {
        const user = Object.assign(findPerson(workspace, who), what);
        workspace.changes.tell('people', user.name);
        if (told) await emit({ type: 'user_change', user: userJson(user, workspace.now(), true) });
      },
    },
    channels: {
      /** `who` may be `bot`. */
      invite(which: string, who: string): void {
        findChannel(workspace, which).members.add(idOf(who));
        workspace.changes.tell('people', which);
      },
      remove(which: string, who: string): void {
        findChannel(workspace, which).members.delete(idOf(who));
        workspace.changes.tell('people', which);
      },
      archive(which: string): void {
        findChannel(workspace, which).isArchived = true;
        workspace.changes.tell('people', which);
      },
    },
  };

  function idOf(who: string): string {
    return who === 'bot' ? workspace.app.botUserId : findPerson(workspace, who).id;
  }
}
