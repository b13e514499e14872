import type { AuditLog } from '../core/verify-audit-log.ts';

export interface Terminal {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
}

/** What a command does once its words are understood: prints, and resolves with the exit code. */
export type Run = (log: AuditLog, terminal: Terminal) => Promise<number>;

/** Reads the words behind the command's name. Throws UserError, or what `parseArgs` throws. */
export type Command = (words: string[]) => Run;
