import { UserError } from '../../core/errors.ts';
import { PeopleValue } from '../../core/fields.ts';
import {
  firstIssue,
  type Checking,
  type FieldReader,
  type FieldValue,
  type Problem,
  type Resolving,
} from './field-reader.ts';
import { peopleByAddress, unlessReducing } from './find-people.ts';
import { readList, tellProblems, type ListLine } from './read-list.ts';

/** Several people: a pasted list, or a file. */
export const peopleReader: FieldReader = {
  check: (value, checking) => {
    const { text, fileId } = peopleValue(value);
    if (text !== undefined && fileId !== undefined) {
      return { part: 'text', says: 'There is a list here and a file below. Use one of the two.' };
    }
    if (text !== undefined) return problemIn(text, 'text', checking);
    return fileId === undefined ? { part: 'text', says: 'Paste a list here, or choose a file below.' } : undefined;
  },
  resolve: async (value, resolving) => {
    const { text, fileId } = peopleValue(value);
    const list = text ?? (await textOfFile(fileId ?? '', resolving));
    return whoTheyAre(linesOf(list, resolving).lines, resolving);
  },
};

function peopleValue(value: FieldValue): PeopleValue {
  return PeopleValue.safeParse(value).data ?? {};
}

function linesOf(text: string, { field }: Checking): ReturnType<typeof readList> {
  return readList(text, { withSerials: field.withSerials === true });
}

function problemIn(text: string, part: 'text' | 'file', checking: Checking): Problem | undefined {
  const { lines, problems } = linesOf(text, checking);
  const says = tellProblems(problems, { withSerials: checking.field.withSerials === true });
  if (says !== undefined) return { part, says };
  const issue = firstIssue(asListed(lines, new Map()), checking);
  return issue && { part, says: issue.says };
}

/** Whatever is wrong with the file is told beside it, so that it stays chosen. */
async function textOfFile(fileId: string, resolving: Resolving): Promise<string> {
  const field = `${resolving.field.key}.file`;
  const text = await resolving.desk.readFile(fileId).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.message, { code: error.code, field, cause: error });
  });
  const problem = problemIn(text, 'file', resolving);
  if (problem !== undefined) throw new UserError(problem.says, { code: 'list-unreadable', field });
  return text;
}

async function whoTheyAre(lines: readonly ListLine[], { desk, effect }: Resolving): Promise<unknown> {
  const emails = lines.map(({ email }) => email);
  return asListed(lines, await unlessReducing(effect, peopleByAddress(emails, desk), new Map()));
}

function asListed(lines: readonly ListLine[], people: Awaited<ReturnType<typeof peopleByAddress>>): unknown[] {
  return lines.map(({ email, ...rest }) => ({ ...rest, person: people.get(email) ?? { email } }));
}
