import type { ModalView } from '@slack/types';
import { expect } from 'vitest';
import { checkMessage } from '../../sandbox/slack/check-message.ts';
import { checkView } from '../../sandbox/slack/check-view.ts';
import { asObject, asText, objectsOf, type JsonObject } from '../../sandbox/slack/json.ts';
import { stateOf } from '../../sandbox/slack/form-state.ts';
import { toText } from '../../sandbox/slack/to-text.ts';
import type { Drawn } from '../../src/slack/deliver-message.ts';
import type { Message } from '../../src/slack/message.ts';

const NAMES: Record<string, string> = {
  U05BEN00001: 'ben',
  U05CARA0001: 'cara',
  U05DINA0001: 'dina',
  U05ANA00001: 'ana',
};

/** As it goes over the wire: `undefined` is not JSON. */
function overTheWire(value: unknown): JsonObject {
  return asObject(JSON.parse(JSON.stringify(value)));
}

/** A message as a person reads it; fails if Slack would refuse it, as a new message or as an edit. */
export function read(message: Message | Drawn): string {
  expectWithinLimits(message);
  return toText(
    {
      ts: '1.1',
      channel: 'C1',
      channelName: 'here',
      user: 'U1',
      text: message.text,
      blocks: objectsOf(overTheWire(message)['blocks']),
      attachments: [],
      files: [],
      threadTs: undefined,
      isEdited: false,
      isEphemeral: false,
      from: 'api',
      replies: [],
    },
    (id) => NAMES[id],
  );
}

/** Just opened, nothing typed yet. */
export function readView(view: ModalView): string {
  const given = overTheWire(view);
  expect(checkView(given)).toEqual([]);
  const blocks = objectsOf(given['blocks']);
  return toText(
    {
      id: 'V1',
      type: 'modal',
      title: view.title.text,
      callbackId: asText(given['callback_id']),
      privateMetadata: asText(given['private_metadata']),
      blocks,
      values: stateOf(blocks),
      errors: {},
      submit: view.submit?.text,
      close: view.close?.text ?? '',
      hash: 'h',
    },
    (id) => NAMES[id],
  );
}

/** `chat.update` takes less text than `chat.postMessage`, and every message may be edited. */
export function expectWithinLimits(message: Message | Drawn): void {
  expect(checkMessage(overTheWire(message))).toEqual([]);
  expect(message.text.length).toBeLessThanOrEqual(4000);
  expect(message.text.trim()).not.toBe('');
}

export function expectViewWithinLimits(view: ModalView): void {
  expect(checkView(overTheWire(view))).toEqual([]);
}
