/** A name that stands bare in a query, such as `datetime_DESC`. */
export class Word {
  readonly word: string;

  constructor(word: string) {
    this.word = word;
  }
}

export type Arguments = Readonly<Record<string, unknown>>;

export interface Field {
  name: string;
  /** The key in the answer. */
  as: string;
  args: Arguments;
  fields: readonly Field[];
}

/** What is wrong with a query, in the platform's manner; told in `errors` of an answer with status 200. */
export class QueryError extends Error {
  readonly path: readonly string[] | null;

  constructor(message: string, path: readonly string[] | null = null) {
    super(message);
    this.name = 'QueryError';
    this.path = path;
  }
}

const variableType = /^(string|String|Time|Date|uint64|Int|Boolean|\w+_InputObject)$/;

const isName = (token: string): boolean => /^[A-Za-z_]/.test(token);

function tokensOf(query: string): string[] {
  const tokens: string[] = [];
  let rest = query;
  for (;;) {
    rest = rest.replace(/^(?:[\s,]|#[^\n]*)+/, '');
    if (rest === '') return tokens;
    const [token] = /^(?:[A-Za-z_]\w*|-?\d+(?:\.\d+)?|"(?:[^"\\\n]|\\.)*"|[{}()[\]:$!=])/.exec(rest) ?? [];
    if (token === undefined) throw new QueryError(`syntax error: unexpected ${JSON.stringify(rest[0])}`);
    tokens.push(token);
    rest = rest.slice(token.length);
  }
}

/**
 * Reads one query with its variables: fields, aliases and arguments, which is all that an analytics query needs.
 * Fragments, directives and mutations are refused. Throws QueryError.
 */
export function parseQuery(query: string, variables: Arguments): readonly Field[] {
  const tokens = tokensOf(query);
  const declared = new Set<string>();
  let at = 0;

  const peek = (): string => tokens[at] ?? '';
  const take = (): string => {
    at += 1;
    return tokens[at - 1] ?? '';
  };
  function expect(wanted: string): void {
    const found = take();
    if (found !== wanted) throw new QueryError(`syntax error: expected ${wanted}, found ${found || 'the end'}`);
  }
  function takeName(): string {
    const found = take();
    if (!isName(found)) throw new QueryError(`syntax error: expected a name, found ${found || 'the end'}`);
    return found;
  }
  function skip(token: string): boolean {
    if (peek() !== token) return false;
    at += 1;
    return true;
  }

  function readVariables(): void {
    if (!skip('(')) return;
    while (!skip(')')) {
      expect('$');
      const name = takeName();
      expect(':');
      const isList = skip('[');
      const type = takeName();
      if (!variableType.test(type)) throw new QueryError(`unknown type ${type} of $${name}`);
      const isElementNeeded = skip('!');
      if (isList) expect(']');
      const isNeeded = isList ? skip('!') : isElementNeeded;
      if (isNeeded && (variables[name] ?? null) === null) throw new QueryError(`variable $${name} is required`);
      declared.add(name);
    }
  }

  function readValue(): unknown {
    const token = take();
    if (token === '$') return readVariable(takeName());
    if (token === '[') return readList();
    if (token === '{') return readPairs('}');
    if (token.startsWith('"')) return JSON.parse(token);
    if (/^-?\d/.test(token)) return Number(token);
    if (token === 'true' || token === 'false') return token === 'true';
    if (token === 'null') return null;
    if (isName(token)) return new Word(token);
    throw new QueryError(`syntax error: expected a value, found ${token || 'the end'}`);
  }
  function readVariable(name: string): unknown {
    if (!declared.has(name)) throw new QueryError(`undefined variable $${name}`);
    return variables[name];
  }
  function readList(): unknown[] {
    const values: unknown[] = [];
    while (!skip(']')) values.push(readValue());
    return values;
  }
  function readPairs(end: string): Arguments {
    const pairs: Record<string, unknown> = {};
    while (!skip(end)) {
      const name = takeName();
      expect(':');
      pairs[name] = readValue();
    }
    return pairs;
  }
  function readFields(): Field[] {
    const fields: Field[] = [];
    expect('{');
    while (!skip('}')) {
      const first = takeName();
      const name = skip(':') ? takeName() : first;
      const args = skip('(') ? readPairs(')') : {};
      fields.push({ name, as: first, args, fields: peek() === '{' ? readFields() : [] });
    }
    if (fields.length === 0) throw new QueryError('syntax error: an empty selection');
    return fields;
  }

  if (peek() !== '{') {
    const kind = takeName();
    if (kind !== 'query') throw new QueryError(`${kind} is not supported`);
    if (isName(peek())) take();
    readVariables();
  }
  const fields = readFields();
  if (at < tokens.length) throw new QueryError('one query at a time');
  return fields;
}
