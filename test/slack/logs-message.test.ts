import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from '../../src/slack/log-file.ts';
import { shownAccess, shownNetwork } from '../../src/slack/log-rows.ts';
import { logsMessage, type LogsPage } from '../../src/slack/logs-message.ts';
import { plainly, textOnly } from '../../src/slack/plainly.ts';
import { ASKED_AT } from '../builders/a-request.ts';
import { aDevice } from '../builders/a-snapshot.ts';
import { expectWithinLimits, read } from './read.ts';

const text = fc.oneof(
  fc.constantFrom('', ' ', '\n', '\u202E', '\u0000', '<!here>', '*x* `y` ~z~', '&'.repeat(4000), 'x'.repeat(9000)),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 4000 }),
);
const amount = fc.constantFrom(0, 1, 999_950, 12_345_678, Number.MAX_SAFE_INTEGER);

const accessRow = fc
  .record({ words: text, allowed: fc.boolean(), warp: fc.boolean() })
  .map(({ words, allowed, warp }) =>
    shownAccess({
      row: {
        id: words,
        at: ASKED_AT,
        email: words,
        allowed,
        app: words,
        ip: words,
        method: words,
        country: words,
        deviceId: words,
        withWarp: warp,
        policyId: words,
      },
      device: aDevice({ name: words, serial: warp ? words : undefined }),
      reason: allowed ? undefined : { reason: words, basis: 'inference' },
    }),
  );

const networkRow = fc.record({ words: text, port: fc.nat(70_000), sent: amount }).map(({ words, port, sent }) =>
  shownNetwork({
    row: {
      id: words,
      at: ASKED_AT,
      email: words,
      device: words,
      destination: words,
      port,
      transport: words,
      action: words,
      sessions: sent,
      sent,
      received: sent,
    },
    device: port % 2 === 0 ? undefined : aDevice({ name: words, serial: words }),
  }),
);

function aPage(changes: Partial<LogsPage>): LogsPage {
  return {
    kind: 'access',
    filters: ['Everybody'],
    since: ASKED_AT,
    asOf: ASKED_AT,
    rows: [],
    number: 1,
    key: 'k'.repeat(36),
    hasOlder: true,
    notes: [],
    canDownload: true,
    ...changes,
  };
}

describe('whatever Cloudflare says', () => {
  it('a page is within Slack’s limits, in each of its looks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(accessRow, networkRow), { maxLength: 15 }),
        fc.array(text, { maxLength: 12 }),
        fc.constantFrom('access' as const, 'network' as const),
        fc.integer({ min: 1, max: 400 }),
        (rows, words, kind, number) => {
          const notes = words.map((one) => [one, { at: ASKED_AT }, one]);
          const message = logsMessage(aPage({ kind, rows, notes, filters: words, number }));
          for (const look of [message, plainly(message), textOnly(message)]) expectWithinLimits(look);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a page where Slack takes no tables', () => {
  const rows = [1, 2].map((number) =>
    shownAccess({
      row: {
        id: '8c3e1f20a1b2c3d4',
        at: ASKED_AT - number * 60_000,
        email: 'eve@elsewhere.example',
        allowed: number === 2,
        app: 'ocs.lantern.example',
        ip: '198.51.100.9',
      },
      device: undefined,
      reason: number === 2 ? undefined : { reason: 'No policy lets this address in now', basis: 'fact' },
    }),
  );

  it('says the same in lines, with times of the reader', () => {
    const plain = plainly(logsMessage(aPage({ rows })));

    expect(read(plain)).toMatchInlineSnapshot(`
      "# Access log
      Everybody, since 2026-11-21 11:00 UTC, as of 2026-11-21 11:00 UTC. Page 1.
      2026-11-21 10:59 UTC · eve@elsewhere.example · Not allowed: No policy lets this address in now · 198.51.100.9 · ocs.lantern.example · ray 8c3e1f20…
      2026-11-21 10:58 UTC · eve@elsewhere.example · Allowed · 198.51.100.9 · ocs.lantern.example · ray 8c3e1f20…
      (Cloudflare’s log gives no reasons. These follow from the policies, lists and devices as they are now; “(likely)” means: not for certain.)
      [Older] [Download CSV] [Download NDJSON]"
    `);
    expect(JSON.stringify(plain.blocks)).toContain(`<!date^${(ASKED_AT - 60_000) / 1000}^`);
  });

  it('mentions nobody and fakes no link, whatever stands in a row', () => {
    const [row] = rows;
    const faked = shownAccess({
      row: { id: 'x', at: ASKED_AT, email: '<!here>', allowed: true, app: '<https://x|y>', ip: '&' },
      device: undefined,
      reason: undefined,
    });
    const plain = plainly(logsMessage(aPage({ rows: row === undefined ? [faked] : [faked, row] })));

    for (const said of [JSON.stringify(plain.blocks), plain.text]) {
      expect(said).not.toContain('<!here>');
      expect(said).not.toContain('<https');
      expect(said).toContain('&lt;!here&gt;');
    }
  });
});

describe('a line of a CSV file', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+49 1', "'+49 1"],
    ['-x', "'-x"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' =1+1', "' =1+1"],
    ['\t=1', "'\t=1"],
    ['＝1', "'＝1"],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', '"two\nlines"'],
    ['=a,"b"', `"'=a,""b"""`],
    ['ana@x.example', 'ana@x.example'],
    ['', ''],
  ])('writes %j so that no spreadsheet takes it for more than text', (cell, written) => {
    expect(csvLine([cell, 1])).toBe(`${written},1\r\n`);
  });

  it('leaves numbers as they are, and what is not known empty', () => {
    expect(csvLine([-5, undefined, false])).toBe('-5,,false\r\n');
  });
});
