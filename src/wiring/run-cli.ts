import { ConfigError, loadRedisConfig } from '../config.ts';
import { isKnownError, UserError } from '../core/errors.ts';
import type { AuditLog } from '../core/verify-audit-log.ts';
import { connectForAnswers } from '../store/connect.ts';
import { whyNotReady } from '../store/check-redis.ts';
import { createStore } from '../store/store.ts';
import { readExport } from './audit-export.ts';
import { readVerify } from './audit-verify.ts';
import type { Command, Terminal } from './cli-command.ts';
import { printLines } from './print-lines.ts';

const USAGE = `Usage:
  ocs-access audit verify [--from <number>] [--head <number>:<hash>]
      Checks the audit log from its first entry. Exit code 0: whole; 1: not whole; 2: could not be checked.
      --from    checks from this entry on and takes the one before it for given
      --head    also checks that this entry, noted elsewhere, is in the log

  ocs-access audit export [--since <date>] [--until <date>] [--request <id>] [--person <address>]
      Writes the audit log to standard output, oldest entry first, as JSON, one entry a line.
      --since, --until    2026-11-01 (a whole day, in UTC) or 2026-11-01T08:00:00Z
      --request           what belongs to one request, such as REQ-0142
      --person            what is about one person, by e-mail address

Reads REDIS_URL and REDIS_PREFIX from the environment or from a .env file in the working directory.
`;

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['audit verify', readVerify],
  ['audit export', readExport],
]);

/** Runs one command line and resolves with its exit code. Never throws; an operator sees sentences only. */
export async function runCli(
  words: readonly string[],
  terminal: Terminal = { out: process.stdout, err: process.stderr },
  env?: NodeJS.ProcessEnv,
): Promise<number> {
  const command = COMMANDS.get(words.slice(0, 2).join(' '));
  const isAsking = words.some((word) => word === '--help' || word === '-h');
  if (isAsking || command === undefined) {
    if (!isAsking && words.length > 0) terminal.err.write(`There is no command “${words.join(' ')}”.\n\n`);
    await printLines([USAGE], isAsking ? terminal.out : terminal.err);
    return 2;
  }
  try {
    const run = command(words.slice(2));
    return await withAuditLog(env, (log) => run(log, terminal));
  } catch (error) {
    terminal.err.write(`${explain(error)}\n`);
    return 2;
  }
}

async function withAuditLog(env: NodeJS.ProcessEnv | undefined, use: (log: AuditLog) => Promise<number>) {
  const { target, prefix } = loadRedisConfig(env);
  const redis = connectForAnswers(target, { onError: () => {} });
  try {
    const unreachable = await whyNotReady(redis);
    if (unreachable !== undefined) throw new UserError(unreachable, { code: 'redis-unreachable' });
    return await use(createStore({ redis, prefix }));
  } finally {
    redis.disconnect();
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError) return error.message;
  if (isKnownError(error))
    return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
  if (isMisspelt(error)) return `${firstSentence(error.message)} \`ocs-access --help\` shows what there is.`;
  return `Something broke: ${error.stack ?? error.message}`;
}

/** Of `parseArgs`: an unknown option, a value that is missing. */
function isMisspelt(error: Error): boolean {
  return 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}

function firstSentence(text: string): string {
  const [sentence = text] = text.split(/\.\s|\n/);
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}
