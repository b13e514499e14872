import { expect, it } from 'vitest';
import { createLogger } from '../../src/wiring/logger.ts';

/** What one line of the log is, read as JSON. */
function lineOf(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLogger('info', { write: (line) => void lines.push(line) }));
  expect(lines).toHaveLength(1);
  const read: unknown = JSON.parse(lines[0] ?? '');
  return read !== null && typeof read === 'object' ? { ...read } : {};
}

it('hides addresses wherever they are in a line, and nothing else', () => {
  const line = lineOf((log) =>
    log.warn(
      {
        key: 'welcome:REQ-0142:ana.souza@lanternhealth.example:in',
        err: new Error("no user o'neil+x@mail.lantern.example"),
      },
      'Slack refused blocks',
    ),
  );

  expect(line).toMatchObject({ key: 'welcome:REQ-0142:•••:in', msg: 'Slack refused blocks' });
  expect(line['err']).toMatchObject({ message: 'no user •••' });
  expect(JSON.stringify(line)).not.toMatch(/neil|souza|lantern/);
});

it('leaves what only looks like one', () => {
  const said = 'Could not reach redis://cache@redis:6379, npm/@slack/bolt@5.1.0';

  expect(lineOf((log) => log.info({ requestId: 'REQ-0142' }, said))).toMatchObject({
    msg: said,
    requestId: 'REQ-0142',
  });
});
