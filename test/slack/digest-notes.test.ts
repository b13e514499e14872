import { expect, it } from 'vitest';
import { digestMessage } from '../../src/slack/digest-message.ts';
import { aDigest } from '../builders/a-digest.ts';
import { read } from './read.ts';

const NOTE = 'The token may not read analytics.';

it('a digest that comes late says so first', () => {
  const late = read(digestMessage(aDigest({ dueAt: Date.UTC(2026, 10, 21, 7), notes: [NOTE] }))).split('\n');

  expect(late[1]).toBe('⚠️ Late: this was due 2026-11-21 07:00 UTC.');
  expect(late).toContain(`⚠️ Note: ${NOTE}`);
});

it('what has to be known stands in the digest of a quiet day too, and it stays short', () => {
  const quiet = read(digestMessage(aDigest({ notes: [NOTE, 'The day is not over yet.'] }))).split('\n');

  expect(quiet).toHaveLength(3);
  expect(quiet[1]).toMatch(/next 7 days\..* The token may not read analytics\. The day is not over yet\.$/);
});

it('what has to be known is no mark-up, and no longer than a message holds', () => {
  const notes = Array.from({ length: 5 }, () => '<!channel> *&* '.repeat(100));

  const { text } = digestMessage(aDigest({ dueAt: 0, notes }));

  expect(text).not.toContain('<!channel>');
  expect(read(digestMessage(aDigest({ dueAt: 0, notes })))).toContain('Note: <!channel>');
});
