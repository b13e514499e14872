import { UserError } from '../core/errors.ts';
import type { PersonValue } from '../core/fields.ts';
import { MOMENT_FORMS, readMoment } from '../core/moment.ts';
import { requestId } from '../core/request.ts';
import { asPerson } from './read-words.ts';

/** What somebody wants to see of the audit log. */
export interface AuditWords {
  /** `REQ-0142` */
  readonly request?: string;
  readonly person?: PersonValue;
  /** Epoch milliseconds. */
  readonly since?: number;
}

const REQUEST = /^req-?0*([1-9]\d{0,11})$/i;
/** May stand before a time and says nothing. */
const FILLERS = new Set(['since', 'from', 'last']);
const FORMS = `a request (\`REQ-0142\`), a person (\`@ana\` or an e-mail address), or a time (${MOMENT_FORMS})`;

/** The words after `audit`, in any order. Throws UserError for one that is none of them. */
export function readAuditWords(
  typed: readonly string[],
  reading: { readonly now: number; readonly timeZone: string },
): AuditWords {
  let read: AuditWords = {};
  const take = <Key extends keyof AuditWords>(key: Key, value: AuditWords[Key]): void => {
    if (read[key] !== undefined) throw badWord(`Name one ${NAMES[key]} at a time.`);
    read = { ...read, [key]: value };
  };
  for (let index = 0; index < typed.length; index += 1) {
    const word = typed[index] ?? '';
    const number = REQUEST.exec(word)?.[1];
    const person = asPerson(word);
    const moment = readMoment(typed.slice(index), reading);
    if (number !== undefined) take('request', requestId(Number(number)));
    else if (person !== undefined) take('person', person);
    else if (moment !== undefined && 'at' in moment) {
      take('since', moment.at);
      index += moment.words - 1;
    } else if (moment !== undefined) throw badWord(`${moment.problem} Valid are ${MOMENT_FORMS}.`);
    else if (!FILLERS.has(word.toLowerCase())) {
      throw badWord(`I don’t know “${word.slice(0, 60)}”. What you can add: ${FORMS}.`);
    }
  }
  return read;
}

const NAMES: Readonly<Record<keyof AuditWords, string>> = { request: 'request', person: 'person', since: 'time' };

function badWord(says: string): UserError {
  return new UserError(says, { code: 'bad-audit-word' });
}
