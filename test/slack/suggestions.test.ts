import { describe, expect, it } from 'vitest';
import type { EnrolledDevice } from '../../src/core/fields.ts';
import { deviceId, deviceLabel, deviceOptions, personOptions } from '../../src/slack/suggestions.ts';
import { ANA } from '../builders/a-request.ts';
import { ANAS_MAC } from './an-incident.ts';

const BENS: EnrolledDevice = {
  ...ANAS_MAC,
  id: undefined,
  name: 'ben-desk',
  serial: 'PF3XYZ12',
  platform: undefined,
  owner: { email: 'ben@lantern.example', name: 'Ben Okafor' },
};
const PEOPLE = [
  { email: ANA.email, name: 'Ana Souza' },
  { email: 'sam@partner.example' },
  { email: `${'x'.repeat(70)}@partner.example` },
];

describe('people to pick from', () => {
  it('are found by any part of name and address, in any order', () => {
    expect(personOptions(PEOPLE, 'SOUZA ana')).toEqual({
      options: [{ text: { type: 'plain_text', text: `Ana Souza · ${ANA.email}`, emoji: false }, value: ANA.email }],
    });
    expect(personOptions(PEOPLE, 'nobody')).toEqual({ options: [] });
  });

  it('leave out addresses that no option can hold: they have to be typed', () => {
    expect(valuesOf(personOptions(PEOPLE, ''))).toEqual([ANA.email, 'sam@partner.example']);
  });

  it('are at most a hundred', () => {
    const many = Array.from({ length: 300 }, (_, index) => ({ email: `p${index}@lantern.example` }));

    expect(valuesOf(personOptions(many, 'lantern'))).toHaveLength(100);
  });
});

describe('devices to pick from', () => {
  it('are one’s own alone, or in two groups', () => {
    expect(textsOf(deviceOptions([ANAS_MAC], [], ''))).toEqual(['ana-laptop · macOS · …JG5J']);
    expect(textsOf(deviceOptions([ANAS_MAC], [BENS], ''))).toEqual([
      '# Your devices',
      'ana-laptop · macOS · …JG5J',
      '# Devices of others',
      'ben-desk · …YZ12 · Ben Okafor',
    ]);
    expect(textsOf(deviceOptions([ANAS_MAC], [BENS], 'ben'))).toEqual([
      '# Devices of others',
      'ben-desk · …YZ12 · Ben Okafor',
    ]);
  });

  it('are found by serial and by owner', () => {
    expect(valuesOf(deviceOptions([], [ANAS_MAC, BENS], 'pf3x'))).toEqual(['serial:PF3XYZ12']);
    expect(valuesOf(deviceOptions([], [ANAS_MAC, BENS], 'souza'))).toEqual(['device:d-1']);
  });

  it('fit into an option whatever they are called', () => {
    const long = { ...ANAS_MAC, name: 'n'.repeat(300), owner: { email: ANA.email, name: 'o'.repeat(300) } };
    const [text = ''] = textsOf(deviceOptions([], [long], '')).slice(1);

    expect(text.length).toBeLessThanOrEqual(75);
    expect(text).toContain('…JG5J');
  });

  it('are a hundred together at most, one’s own first', () => {
    const many = Array.from({ length: 80 }, (_, index) => ({ ...ANAS_MAC, id: `d-${index}` }));

    expect(valuesOf(deviceOptions(many, many, ''))).toHaveLength(100);
  });

  it('have no option if nothing names them', () => {
    const nameless = { ...ANAS_MAC, id: undefined, serial: undefined };

    expect(deviceId(nameless)).toBeUndefined();
    expect(deviceOptions([nameless], [], '')).toEqual({ options: [] });
    expect(deviceLabel({ ...nameless, name: ' ' })).toBe('Unnamed device · macOS');
  });

  it('are called by their serial number alone if they were never connected', () => {
    const { serial } = ANAS_MAC;

    expect(deviceLabel({ ...ANAS_MAC, id: undefined, name: serial, platform: undefined })).toBe(serial);
  });
});

type Suggestions = ReturnType<typeof deviceOptions>;

function valuesOf(given: Suggestions): string[] {
  const options = 'options' in given ? given.options : given.option_groups.flatMap((group) => group.options);
  return options.map(({ value }) => value ?? '');
}

function textsOf(given: Suggestions): string[] {
  if ('options' in given) return given.options.map(({ text }) => text.text);
  return given.option_groups.flatMap(({ label, options }) => [
    `# ${label.text}`,
    ...options.map(({ text }) => text.text),
  ]);
}
