import type { Digest } from '../core/digest/digest.ts';
import { header, note } from './blocks.ts';
import { isQuiet } from './digest-message.ts';
import { moreEndingParts } from './digest-notices.ts';
import { blockOf, textOf, type DigestPart } from './digest-part.ts';
import { morePeopleParts } from './digest-people.ts';
import { dayInWords } from './digest-words.ts';
import { moreWorkParts } from './digest-works.ts';
import { escape, escapeToFit } from './escape.ts';
import type { Message } from './message.ts';

/** The rest of it, in the thread. */
export function digestDetails(digest: Digest): Message {
  const title = `More about ${dayInWords(digest.day)}`;
  const listed = [...morePeopleParts(digest), ...moreWorkParts(digest), ...moreEndingParts(digest)];
  const parts = listed.length === 0 ? [NOTHING] : listed;
  const notes = notesOf(digest);
  return {
    text: [`${escape(title)}:`, textOf(parts), ...notes].join(' '),
    blocks: [header(title), ...parts.map(blockOf), ...(notes.length === 0 ? [] : [note(notes.join('\n'))])],
  };
}

const NO_HEAD = { seq: 0, hash: '' };

const NOTHING: DigestPart = { line: ['There is nothing more to tell.'] };

function notesOf(digest: Digest): string[] {
  const { network, unusual, denials, denialsAreRough = false } = digest;
  const { seq, hash } = digest.head ?? NO_HEAD;
  return [
    ...(network.problem === undefined || !isQuiet(digest)
      ? []
      : [`The network log could not be read: ${escapeToFit(network.problem, 300)}`]),
    ...(unusual.length + denials.length === 0
      ? []
      : [
          'Cloudflare’s log gives no reasons: they follow from the account as it is now. “Likely” means: not for certain.',
        ]),
    ...(denialsAreRough
      ? [
          'So many addresses tried that their number is an estimate, and each may have tried more often than is said here.',
        ]
      : []),
    ...(seq === 0
      ? []
      : [
          `To check the audit log against this message: \`npx ocs-access audit verify --head ${seq}:${escapeToFit(hash, 100)}\``,
        ]),
  ];
}
