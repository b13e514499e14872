import { describe, expect, it } from 'vitest';
import { readList, tellProblems } from '../../../src/commands/values/read-list.ts';

const withSerials = { withSerials: true };
const ANA = { email: 'ana@lantern.example', serial: 'C02XK0AZJG5J', platform: 'macos' };

describe('a list of people is read', () => {
  it.each([
    ['with commas', 'ana@lantern.example, c02xk0azjg5j, macOS'],
    ['with semicolons', 'ana@lantern.example;C02XK0AZJG5J;mac'],
    ['with tabs, as a spreadsheet copies it', 'ana@lantern.example\tC02XK0AZJG5J\tmacos'],
    ['in quotation marks', '"ana@lantern.example","C02XK0AZJG5J","macos"'],
    ['with the address in capitals', 'Ana@Lantern.EXAMPLE,C02XK0AZJG5J,macos'],
    ['with a name beside the address', 'Ana Souza <ana@lantern.example>,C02XK0AZJG5J,macos'],
  ])('%s', (_how, text) => {
    expect(readList(text, withSerials)).toEqual({ lines: [{ line: 1, ...ANA }], problems: [] });
  });

  it.each([
    ['in our order', 'email,serial,platform\nana@lantern.example,C02XK0AZJG5J,macos'],
    ['in another one, with a name', 'Name;OS;Serial number;E-Mail\nAna;macOS;C02XK0AZJG5J;ana@lantern.example'],
    [
      'after the mark that Excel puts first',
      '\uFEFFMail,Serial,Platform\r\nana@lantern.example,C02XK0AZJG5J,macos\r\n',
    ],
  ])('with headings %s', (_how, text) => {
    expect(readList(text, withSerials)).toEqual({ lines: [{ line: 2, ...ANA }], problems: [] });
  });

  it('without serial numbers, whatever else stands in it', () => {
    expect(readList('ana@lantern.example,not a serial,BeOS', { withSerials: false })).toEqual({
      lines: [{ line: 1, email: ANA.email }],
      problems: [],
    });
  });

  it('counting the lines as whoever typed them does, empty ones included', () => {
    const { lines, problems } = readList('ana@lantern.example\n\n , ,\nfoo\nben@lantern.example', withSerials);
    expect(lines.map(({ line }) => line)).toEqual([1, 5]);
    expect(problems).toEqual(['Line 4: “foo” is not an e-mail address.']);
  });

  it('and is empty if nothing stands in it', () => {
    expect(readList(' \n\n', withSerials)).toEqual({ lines: [], problems: [] });
  });
});

describe('what is wrong with a line is told with its number', () => {
  it.each([
    ['no address', ',C02XK0AZJG5J', 'Line 1: the e-mail address is missing.'],
    ['a serial number that is none', 'ana@lantern.example,N/A', /^Line 1: “N\/A” is what a computer says/],
    [
      'letters that Apple does not use',
      'ana@lantern.example,C02XKOAZJG5J,mac',
      /^Line 1: Apple uses no letters O and I/,
    ],
    [
      'an unknown system',
      'ana@lantern.example,C02XK0AZJG5J,BeOS',
      'Line 1: “BeOS” is not an operating system that I know. Write macos, windows or linux.',
    ],
    [
      'words after a quotation',
      'ben@lantern.example\n"ana" souza@lantern.example',
      'Line 2: a quotation mark (") has no partner. Take it out.',
    ],
    [
      'a quotation without an end',
      'ben@lantern.example\n"ana@lantern.example',
      'The list can’t be read: a quotation mark (") has no partner. Take it out.',
    ],
    ['headings without an address', 'serial,os\nC02XK0AZJG5J,mac', 'The line of headings names no column “email”.'],
  ])('%s', (_what, text, says) => {
    const { problems } = readList(text, withSerials);
    expect(problems).toEqual([typeof says === 'string' ? says : expect.stringMatching(says)]);
  });

  it('of many, five are told and the others counted', () => {
    const { problems } = readList(Array.from({ length: 7 }, (_, index) => `foo${index}`).join('\n'), withSerials);
    expect(tellProblems(problems, withSerials)).toMatchInlineSnapshot(
      `"Line 1: “foo0” is not an e-mail address. Line 2: “foo1” is not an e-mail address. Line 3: “foo2” is not an e-mail address. Line 4: “foo3” is not an e-mail address. Line 5: “foo4” is not an e-mail address. And 2 more lines. The valid form of a line is: ana@organisation.org, C02XK0AZJG5J, macos"`,
    );
  });
});
