import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { add } from '../../src/actions/add.ts';
import {
  describeDevice,
  DeviceInput,
  durationField,
  fieldsOf,
  fixedPart,
  fixedPartsOf,
  isFieldless,
  personField,
  textField,
} from '../../src/core/fields.ts';

describe('the form of an action', () => {
  it('has the keys of its input, in order', () => {
    expect(fieldsOf(add.input)).toMatchInlineSnapshot(`
      [
        {
          "field": "person",
          "key": "person",
          "label": "Who gets access?",
          "optional": false,
        },
        {
          "field": "device",
          "key": "device",
          "label": "Their device",
          "optional": false,
        },
        {
          "field": "end",
          "hint": "Their access ends by itself after that day. Leave it empty for access without an end.",
          "key": "until",
          "label": "Until when?",
          "optional": true,
        },
        {
          "field": "text",
          "hint": "The approver and, months later, an auditor read this.",
          "key": "reason",
          "label": "Why?",
          "optional": false,
        },
      ]
    `);
  });

  it('knows what may be left out', () => {
    const input = z.object({ person: personField({ label: 'Who?' }).optional(), note: textField({ label: 'Note' }) });

    expect(fieldsOf(input).map(({ key, optional }) => [key, optional])).toEqual([
      ['person', true],
      ['note', false],
    ]);
  });

  it('has no field for what nobody types, whether or not it is needed', () => {
    const input = z.object({
      incident: fixedPart(z.string()),
      why: fixedPart(z.string().optional()),
      source: fixedPart(z.string()).optional(),
      note: textField({ label: 'Note' }),
    });

    expect(fieldsOf(input).map(({ key }) => key)).toEqual(['note']);
    expect(fixedPartsOf(input)).toEqual([
      { key: 'incident', optional: false },
      { key: 'why', optional: true },
      { key: 'source', optional: true },
    ]);
    expect(isFieldless(input)).toBe(false);
    expect(isFieldless(input.omit({ note: true }))).toBe(true);
  });

  it('knows what a length of time is called where it is typed', () => {
    const input = z.object({ warpSignIn: durationField({ label: 'WARP', word: 'warp' }).optional() });

    expect(fieldsOf(input)).toEqual([
      { key: 'warpSignIn', field: 'duration', label: 'WARP', word: 'warp', optional: true },
    ]);
  });

  it('can’t be made of a key that nobody knows how to show', () => {
    expect(() => fieldsOf(z.object({ count: z.number() }))).toThrow();
  });
});

describe('a text', () => {
  it.each([
    ['  ok  ', 'Write a few words: at least 3 characters.'],
    ['x'.repeat(501), 'Keep it under 500 characters.'],
    ['  New in the team  ', undefined],
  ])('%#', (typed, problem) => {
    expect(textField({ label: 'Why?' }).safeParse(typed).error?.issues[0]?.message).toBe(problem);
  });
});

describe('a device', () => {
  it('is kept as its serial number will be stored', () => {
    expect(DeviceInput.parse({ kind: 'typed', platform: 'linux', serial: ' pf3abcde ' })).toEqual({
      kind: 'typed',
      platform: 'linux',
      serial: 'PF3ABCDE',
    });
  });

  it('is refused at its serial number', () => {
    const parsed = DeviceInput.safeParse({ kind: 'typed', platform: 'macos', serial: 'none' });

    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['serial']]);
  });

  it.each([
    [
      { kind: 'typed' as const, platform: 'windows' as const, serial: 'PF3ABCDE' },
      'their Windows device (serial number PF3ABCDE)',
    ],
    [{ kind: 'typed' as const, serial: 'PF3ABCDE' }, 'their device (serial number PF3ABCDE)'],
    [{ kind: 'ask' as const }, 'a device whose serial they type themselves'],
  ])('reads in a sentence as %#', (device, words) => {
    expect(describeDevice(device)).toBe(words);
  });
});
