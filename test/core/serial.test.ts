import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSerial, lastFour, normaliseSerial, ownerOf, type Platform } from '../../src/core/serial.ts';

function problemOf(typed: string, platform?: Platform): string {
  const checked = checkSerial(typed, platform);
  if ('ok' in checked) throw new Error(`“${typed}” was taken as ${checked.ok}.`);
  return checked.problem;
}

describe('a serial number as people paste it', () => {
  it.each([
    ['C02XK0AZJG5J', 'C02XK0AZJG5J', 'as it is'],
    ['  c02xk0azjg5j\n', 'C02XK0AZJG5J', 'with spaces around it, in small letters'],
    ['Serial Number (system): C02XK0AZJG5J', 'C02XK0AZJG5J', 'with the label of system_profiler'],
    ['SerialNumber  \r\nPF3ABCDE', 'PF3ABCDE', 'with the heading of wmic'],
    ['SerialNumber=PF3ABCDE', 'PF3ABCDE', 'with the label of wmic /value'],
    ['Serial No. PF3ABCDE', 'PF3ABCDE', 'with the label of a sticker'],
    ['S/N: PF-3ABCDE', 'PF-3ABCDE', 'with a short label'],
    ['SN PF3ABCDE', 'PF3ABCDE', 'with the shortest label'],
    ['SNID1234', 'SNID1234', 'that only begins like a label'],
    ['ＰＦ３ＡＢＣＤＥ', 'PF3ABCDE', 'in full-width characters'],
    ['5CD\u00a01234\u00a0XYZ', '5CD 1234 XYZ', 'with hard spaces inside'],
    ['VMware-56 4d 3f 5a', 'VMWARE-56 4D 3F 5A', 'of a virtual machine'],
  ])('takes %j as %s: %s', (typed, stored) => {
    expect(checkSerial(typed)).toEqual({ ok: stored });
  });
});

describe('a serial number that can’t be right', () => {
  it.each([
    'To be filled by O.E.M.',
    'to be filled by o.e.m',
    'Default string',
    'Default_String',
    'System Serial Number',
    'Chassis Serial Number',
    'Not Specified',
    'Not Applicable',
    'N/A',
    'None',
    'null',
    'INVALID',
    'Unknown',
    '0',
    '00000000',
    'xxxxxxxxxx',
    'FFFF-FFFF',
    '123456789',
    '0123456789',
    'Serial Number',
  ])('refuses %j, which thousands of computers say', (typed) => {
    expect(problemOf(typed)).toContain('what a computer says when its maker left the serial number out');
  });

  it('says where to find the right one instead of a placeholder', () => {
    expect(problemOf('Default string')).toMatchInlineSnapshot(
      `"“DEFAULT STRING” is what a computer says when its maker left the serial number out: thousands of devices share it, so it can’t tell this one apart. Look for the number on the label underneath the device or on its invoice."`,
    );
  });

  it('asks for one when nothing was typed', () => {
    expect(problemOf(' \t ')).toMatchInlineSnapshot(`"Type the serial number of the device."`);
  });

  it('knows the hardware UUID, which stands next to the serial number', () => {
    expect(problemOf('4c4c4544-0042-3510-8052-b4c04f4d4e32')).toMatchInlineSnapshot(
      `"That is the hardware UUID, not the serial number. The serial is shorter, usually 7 to 14 letters and digits."`,
    );
  });

  it.each(['a4:83:e7:0c:11:9f', 'A4-83-E7-0C-11-9F'])('knows the network address %s', (typed) => {
    expect(problemOf(typed)).toBe('That is a network (MAC) address, not the serial number.');
  });

  it('knows an e-mail address in the wrong field', () => {
    expect(problemOf('ana@lantern.example')).toBe('That is an e-mail address, not a serial number.');
  });

  it.each([
    ['С02XK0AZJG5J', 'С', 'a Cyrillic С'],
    ['АВСЕ', 'А', 'nothing but Cyrillic letters'],
    ['СО2ХК', 'С', 'Cyrillic letters around one digit'],
    ['PF–3ABCDE', '–', 'a long dash'],
    ['PF3ABC\u200bDE', '\u200b', 'an invisible space'],
    ['Ä1234567', 'Ä', 'a letter with dots'],
    ['ß1234567', 'ß', 'a letter whose capitals are two'],
  ])('names the character of %j that only looks ordinary', (typed, stranger) => {
    expect(problemOf(typed)).toBe(
      `The character “${stranger}” only looks like an ordinary letter or dash. Type the serial by hand: A–Z, 0–9, dash, dot, slash.`,
    );
  });

  it('refuses one that is too short or too long', () => {
    expect(problemOf('PF3')).toMatchInlineSnapshot(
      `"“PF3” is too short for a serial number. They have at least 4 characters, usually 7 to 14."`,
    );
    expect(problemOf('PF3A'.repeat(17))).toMatchInlineSnapshot(
      `"That is too long for a serial number (64 characters at most). Paste only the number itself."`,
    );
  });

  it('refuses other characters, and dashes at the ends', () => {
    expect(problemOf('PF3(ABCDE)')).toMatchInlineSnapshot(
      `"A serial number has only letters, digits, spaces, dash, dot, slash, plus and underscore, and begins and ends with a letter or digit."`,
    );
    expect(problemOf('-PF3ABCDE')).toContain('begins and ends with a letter or digit');
  });

  it('knows that Apple uses no letters O and I, and what was meant', () => {
    expect(problemOf('CO2XKOAZJGIJ', 'macos')).toMatchInlineSnapshot(
      `"Apple uses no letters O and I in serial numbers, because they look like 0 and 1. Did you mean C02XK0AZJG1J?"`,
    );
    expect(checkSerial('CO2XKOAZJGIJ', 'windows')).toEqual({ ok: 'CO2XKOAZJGIJ' });
  });
});

describe('any text at all', () => {
  const pieces = fc.constantFrom(
    'SN',
    'S/N',
    'Serial',
    'Number',
    ':',
    '=',
    ' ',
    '\n',
    '(system)',
    'ß',
    'ŉ',
    'ﬁ',
    '０',
    'A1',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
  );
  const platforms = fc.constantFrom<Platform | undefined>('macos', 'windows', 'linux', undefined);

  it('is written the same way however often it is normalised', () => {
    fc.assert(
      fc.property(texts, (typed) => {
        expect(normaliseSerial(normaliseSerial(typed))).toBe(normaliseSerial(typed));
      }),
      { numRuns: 1000 },
    );
  });

  it('is taken in the form that the list needs, or refused with a sentence', () => {
    fc.assert(
      fc.property(texts, platforms, (typed, platform) => {
        const checked = checkSerial(typed, platform);
        if ('ok' in checked) expect(checked.ok).toMatch(/^[A-Z0-9][A-Z0-9 ._/+-]{2,62}[A-Z0-9]$/);
        else expect(checked.problem).toMatch(/[.?]$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('once taken is taken again unchanged', () => {
    const taken = fc.stringMatching(/^[A-Z0-9][A-Z0-9 ._/+-]{2,20}[A-Z0-9]$/);
    fc.assert(
      fc.property(taken, (typed) => {
        const first = checkSerial(typed);
        if ('ok' in first) expect(checkSerial(first.ok)).toEqual(first);
      }),
    );
  });
});

describe('the owner of a device', () => {
  it.each([
    ['Ana Souza <ana@lantern.example> · REQ-0142 · 2026-11-21', 'ana@lantern.example'],
    ['Ana Souza (Ana@Lantern.example)', 'ana@lantern.example'],
    ['ana@lantern.example', 'ana@lantern.example'],
    ['boss@lantern.example <ana@lantern.example> · REQ-0142 · 2026-11-21', 'ana@lantern.example'],
    ['“<boss@lantern.example>” <ana@lantern.example> · REQ-0142 · 2026-11-21', 'ana@lantern.example'],
  ])('is read from %j', (description, owner) => {
    expect(ownerOf(description)).toBe(owner);
  });

  it.each(['', 'Ana’s old laptop', 'meeting room @ 2nd floor'])('is nobody in %j', (description) => {
    expect(ownerOf(description)).toBeUndefined();
  });

  it('sees of their device the last four characters', () => {
    expect(lastFour('C02XK0AZJG5J')).toBe('…JG5J');
  });
});
