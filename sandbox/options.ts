import { parseArgs } from 'node:util';

export interface Options {
  /** Of the page; 0 takes a free one. */
  readonly port: number;
  /** Slack calls the bot by signed HTTP in place of Socket Mode. */
  readonly http: boolean;
  readonly story: boolean;
  /** The account keeps its people in a list of e-mail addresses. */
  readonly emailList: boolean;
  /** Prints the logs of the bot and the worker. */
  readonly verbose: boolean;
}

export type ReadOptions =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly says: string };

export const DEFAULT_PORT = 4600;

export const usage = `How to start the sandbox:

  npm run sandbox                          the page, on port ${DEFAULT_PORT}
  npm run sandbox -- --port 4700           the page on another port; 0 takes a free one
  npm run sandbox -- --story               plays an onboarding, prints it, checks the account and ends

With either of them:

  --http         Slack calls the bot by signed HTTP in place of Socket Mode
  --email-list   the account keeps its people in a list of e-mail addresses
  --verbose      prints the logs of the bot and the worker
`;

/** Reads the words behind `npm run sandbox --`. What cannot be understood comes back as a sentence. */
export function readOptions(args: readonly string[]): ReadOptions {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: { port: { type: 'string' }, ...Object.fromEntries(switches.map((name) => [name, { type: 'boolean' }])) },
  });
  const unknown = tokens.find((token) => token.kind === 'option' && !['port', ...switches].includes(token.name));
  const given = tokens.find(
    (token) => token.kind === 'option' && switches.includes(token.name) && token.value !== undefined,
  );
  if (unknown?.kind === 'option') return wrong(`There is no ${unknown.rawName}.`);
  if (given?.kind === 'option') return wrong(`${given.rawName} takes no value.`);
  if (positionals.length > 0) return wrong(`“${positionals[0]}” is not understood.`);
  if (values['help'] === true) return { kind: 'help' };

  const { port = String(DEFAULT_PORT) } = values;
  const story = values['story'] === true;
  if (!isPort(port)) return wrong('--port takes a number from 0 to 65535, such as --port 4700.');
  if (story && values['port'] !== undefined) return wrong('--story opens no page, so --port has no meaning with it.');
  return {
    kind: 'run',
    options: {
      port: Number(port),
      http: values['http'] === true,
      story,
      emailList: values['email-list'] === true,
      verbose: values['verbose'] === true,
    },
  };
}

const switches = ['http', 'story', 'email-list', 'verbose', 'help'];

function isPort(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,5}$/.test(value) && Number(value) <= 65_535;
}

function wrong(says: string): ReadOptions {
  return { kind: 'wrong', says: `${says}\n\n${usage}` };
}
