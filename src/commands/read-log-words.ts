import { distance } from 'fastest-levenshtein';
import { UserError } from '../core/errors.ts';
import type { PersonValue } from '../core/fields.ts';
import type { LogKind } from '../core/log-row.ts';
import { MOMENT_FORMS, readMoment } from '../core/moment.ts';
import { asPerson } from './read-words.ts';

/** What somebody wants to see of a log. */
export interface LogWords {
  readonly person?: PersonValue;
  /** Epoch milliseconds. */
  readonly since: number;
  /** Of the Access log. */
  readonly outcome?: 'allowed' | 'denied';
  /** Of the Gateway log: a part of an address, a name or a port. */
  readonly destination?: string;
}

interface Reading {
  readonly kind: LogKind;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly timeZone: string;
}

const DAY = 24 * 60 * 60 * 1000;
/** May stand before a time and says nothing. */
const FILLERS = new Set(['since', 'from', 'last']);
const OUTCOMES = ['denied', 'allowed'] as const;
/** As Slack writes an address that it has made a link of. */
const LINK = /^<(?:https?:\/\/)?([^|>]+?)\/?(?:\|[^>]*)?>$/;
/** `ocs.internal`, `fe80::1`, `ocs.internal:8000` */
const NAME = /^[\p{L}\p{N}_-]*[.:][\p{L}\p{N}._:-]+$/u;
/** An address or its beginning, with a port or not, or a port: neither a date nor a time of the day. */
const NUMBERS = /^(?:\d{1,3}\.){1,3}(?:\d{1,3})?(?::\d{1,5})?$|^:\d{1,5}$/;

/** The words after `logs access` or `logs gateway`, in any order. Throws UserError for one that is none of them. */
export function readLogWords(typed: readonly string[], reading: Reading): LogWords {
  let read: Partial<LogWords> = {};
  const take = <Key extends keyof LogWords>(key: Key, value: LogWords[Key]): void => {
    if (read[key] !== undefined) throw twice(key);
    read = { ...read, [key]: value };
  };
  for (let index = 0; index < typed.length; index += 1) {
    const word = typed[index] ?? '';
    const person = asPerson(word);
    const outcome = OUTCOMES.find((one) => one === word.toLowerCase());
    const destination = reading.kind === 'network' ? asDestination(word) : undefined;
    const moment = readMoment(typed.slice(index), reading);
    if (person !== undefined) take('person', person);
    else if (reading.kind === 'access' && outcome !== undefined) take('outcome', outcome);
    else if (moment !== undefined && 'at' in moment) {
      take('since', moment.at);
      index += moment.words - 1;
    } else if (destination !== undefined) take('destination', destination);
    else if (moment !== undefined) throw badWord(`${moment.problem} Valid are ${MOMENT_FORMS}.`);
    else if (!FILLERS.has(word.toLowerCase())) throw unknown(word, reading.kind);
  }
  return { since: reading.now - DAY, ...read };
}

function asDestination(word: string): string | undefined {
  const bare = LINK.exec(word)?.[1] ?? word;
  const form = /^[\d.:]+$/.test(bare) ? NUMBERS : NAME;
  return form.test(bare) ? bare.toLowerCase() : undefined;
}

const NAMES: Readonly<Record<keyof LogWords, string>> = {
  person: 'person',
  since: 'time',
  outcome: 'outcome, `denied` or `allowed`',
  destination: 'destination',
};

function twice(key: keyof LogWords): UserError {
  return new UserError(`Name one ${NAMES[key]} at a time.`, { code: 'named-twice' });
}

const FORMS: Readonly<Record<LogKind, string>> = {
  access: `a person (\`@ana\` or an e-mail address), a time (${MOMENT_FORMS}), and \`denied\` or \`allowed\``,
  network: `a person (\`@ana\` or an e-mail address), a time (${MOMENT_FORMS}), and a destination such as \`10.0.0.5\`, \`ocs.internal\` or \`10.0.0.5:8000\``,
};

const WORDS: Readonly<Record<LogKind, readonly string[]>> = {
  access: [...OUTCOMES, 'yesterday', 'today'],
  network: ['yesterday', 'today'],
};

function unknown(word: string, kind: LogKind): UserError {
  const near = WORDS[kind].find((one) => distance(word.toLowerCase().slice(0, 20), one) <= 2);
  const guess = near === undefined ? '' : ` Did you mean \`${near}\`?`;
  return badWord(`I don’t know “${word.slice(0, 60)}”.${guess} What you can add: ${FORMS[kind]}.`);
}

function badWord(says: string): UserError {
  return new UserError(says, { code: 'bad-log-word' });
}
