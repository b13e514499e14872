import { applySubmission, submissionTrouble } from './apply-submission.ts';
import { checkForm } from './check-form.ts';
import type { Delivery, DeliveryKind } from './delivery.ts';
import { escapeCommand } from './escape-command.ts';
import { findChannel, openDm } from './find-in-workspace.ts';
import type { Given } from './form-state.ts';
import { isNothing, type Json, type JsonObject } from './json.ts';
import type { Platform } from './method.ts';
import {
  closedPayload,
  commandPayload,
  eventPayload,
  messageActionPayload,
  shortcutPayload,
  submissionPayload,
} from './payloads.ts';
import { appFailed, kept, outcomeOf, type Outcome } from './outcome.ts';
import { createHands, type Target } from './person-hands.ts';
import { addMessage } from './post.ts';
import { showResponse } from './respond.ts';
import { messageSnapshot, viewSnapshot, type Message, type ShownView } from './snapshots.ts';
import type { Channel, OpenView, User } from './workspace.ts';

/** Drives the workspace as one person would: with what they can see, at the moment they do it. */
export interface Person {
  id: string;
  name: string;
  mention: string;
  /** Types a command; resolves when the app acknowledged it or the time was up. */
  types: (line: string, options?: { channel?: string; inThread?: boolean }) => Promise<Outcome>;
  /** Writes a plain message, e.g. one to run a shortcut on. */
  says: (text: string, options?: { channel?: string }) => Message;
  view: () => ShownView | undefined;
  views: () => ShownView[];
  home: () => ShownView | undefined;
  ephemerals: () => Message[];
  sets: (what: string, value: Given, options?: { in?: Target }) => Promise<Outcome>;
  /** Picks a file for a form that takes one. */
  attaches: (what: string, file: { name: string; text: string }) => Promise<Outcome>;
  /** Types into an external select and sees what the app suggests. */
  suggestions: (what: string, query: string, options?: { in?: Target }) => Promise<string[]>;
  clicks: (target: Target, what: string, options?: { confirm?: boolean; stale?: boolean }) => Promise<Outcome>;
  submits: () => Promise<Outcome>;
  /** Closes the top modal, or with `all` the whole stack (the X in the corner). */
  closes: (options?: { all?: boolean }) => Promise<Outcome>;
  runsShortcut: (callbackId: string, options?: { message?: Message }) => Promise<Outcome>;
  opensHome: () => Promise<Outcome>;
}

export function createPerson(platform: Platform, delivery: Delivery, user: User): Person {
  const { workspace, modals, faults } = platform;
  const send = (kind: DeliveryKind, payload: JsonObject) => delivery.deliver(kind, payload);
  const hands = createHands(platform, user, (payload) => send('interactive', payload).then(outcomeOf));

  function channelFor(which: string | undefined): Channel {
    if (which === 'dm') return openDm(workspace, user.id);
    const mine = [...workspace.channels.values()].filter((one) => one.members.has(user.id));
    const channel =
      which === undefined ? (mine.find((one) => one.name === 'general') ?? mine[0]) : findChannel(workspace, which);
    if (channel === undefined) return openDm(workspace, user.id);
    if (!channel.members.has(user.id)) throw new Error(`${user.name} is not in #${channel.name}`);
    return channel;
  }

  function topView(): OpenView {
    const view = modals.top(user.id);
    if (view === undefined) throw new Error(`${user.name} has no modal open`);
    return view;
  }

  function tellSlackbot(channel: Channel, text: string): void {
    const content = { text, blocks: [], attachments: [] };
    addMessage(workspace, channel, content, { user: 'USLACKBOT', from: 'slack', onlyFor: user.id });
  }

  return {
    id: user.id,
    name: user.name,
    mention: `<@${user.id}>`,

    async types(line, { channel: which, inThread = false } = {}) {
      const [, command = '', text = ''] = /^(\S+)\s*([\s\S]*)$/.exec(line.trim()) ?? [];
      const known = workspace.app.commands.find((one) => one.command === command);
      const channel = channelFor(which);
      if (known === undefined) throw new Error(`${command} is not a valid command`);
      if (inThread) {
        const shown = `${command} is not supported in threads. Sorry!`;
        tellSlackbot(channel, shown);
        return kept({ shown });
      }
      const escaped = known.shouldEscape ? escapeCommand(workspace, text) : text;
      const ack = await send('slash_commands', commandPayload(platform, user, channel, command, escaped));
      if (ack.acked) showAck(platform, user, channel, ack.body);
      else tellSlackbot(channel, `${command} failed: ${appFailed(ack)}`);
      return outcomeOf(ack);
    },

    says(text, { channel: which } = {}) {
      const content = { text, blocks: [], attachments: [] };
      const message = addMessage(workspace, channelFor(which), content, { user: user.id, from: 'person' });
      return messageSnapshot(workspace, message);
    },

    view: () => modals.stackOf(user.id).map(viewSnapshot).at(-1),
    views: () => modals.stackOf(user.id).map(viewSnapshot),
    home() {
      const view = workspace.homes.get(user.id);
      return view && viewSnapshot(view);
    },
    ephemerals: () => (workspace.ephemerals.get(user.id) ?? []).map((one) => messageSnapshot(workspace, one)),

    sets: (...given) => hands.sets(...given),
    attaches: (...given) => hands.attaches(...given),
    suggestions: (...given) => hands.suggestions(...given),
    clicks: (...given) => hands.clicks(...given),

    async submits() {
      const view = topView();
      if (view.definition['submit'] === undefined) throw new Error('this modal has no submit button');
      if (view.definition['submit_disabled'] === true) throw new Error('the submit button is disabled');
      const errors = checkForm(view);
      if (Object.keys(errors).length > 0) {
        modals.refuse(view, errors);
        return kept({ errors });
      }
      const ack = await send('interactive', submissionPayload(platform, user, view));
      if (!ack.acked) return { ...outcomeOf(ack), shown: submissionTrouble };
      const applied = applySubmission(platform, view, ack.body);
      return { ...outcomeOf(ack), shown: applied.shown, errors: applied.errors };
    },

    async closes({ all = false } = {}) {
      const top = topView();
      const isCleared = all || top.definition['clear_on_close'] === true;
      const closing = isCleared ? modals.stackOf(user.id).toReversed() : [top];
      if (isCleared) modals.clear(user.id);
      else modals.remove(top);
      const telling = closing.filter((view) => view.definition['notify_on_close'] === true);
      const acks = await Promise.all(
        telling.map((view) => send('interactive', closedPayload(platform, user, view, isCleared))),
      );
      const [first] = acks;
      return first === undefined ? kept({}) : outcomeOf(acks.find((ack) => !ack.acked) ?? first);
    },

    async runsShortcut(callbackId, { message } = {}) {
      const type = message === undefined ? 'global' : 'message';
      const known = workspace.app.shortcuts.some((one) => one.callbackId === callbackId && one.type === type);
      if (!known) throw new Error(`the app has no ${type} shortcut "${callbackId}"`);
      const payload =
        message === undefined
          ? shortcutPayload(platform, user, callbackId)
          : messageActionPayload(platform, user, hands.messageAt(message), callbackId);
      return outcomeOf(await send('interactive', payload));
    },

    async opensHome() {
      const view = workspace.homes.get(user.id);
      const event: JsonObject = {
        type: 'app_home_opened',
        user: user.id,
        channel: openDm(workspace, user.id).id,
        tab: 'home',
        ...(view && { view: { id: view.id, hash: view.hash, type: 'home' } }),
      };
      if (!workspace.app.events.includes('app_home_opened')) return kept({});
      return outcomeOf(await send('events_api', eventPayload(workspace, event)));
    },
  };

  function showAck(to: Platform, who: User, channel: Channel, body: Json | undefined): void {
    if (isNothing(body)) return;
    const target = { userId: who.id, channelId: channel.id, messageTs: undefined, threadTs: undefined };
    try {
      showResponse(to.workspace, faults, target, body, 'ack');
    } catch (error) {
      to.workspace.suspect(`the text of an ack was refused: ${String(error)}`);
    }
  }
}
