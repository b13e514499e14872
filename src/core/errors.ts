/**
 * Errors are named by what happens next. `message` is always safe to show to a person; `code` is stable and
 * kebab-case, for logs, tests and counts; the cause stays in `cause` and is never shown.
 */

export interface ErrorOptionsWithCode {
  readonly code: string;
  readonly cause?: unknown;
}

/** The person can put it right: wrong input, not allowed, no longer possible. Shown only to them. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: string;
  /** The form field that is wrong, where there is one: a key of the action's input. */
  readonly field: string | undefined;

  constructor(message: string, options: ErrorOptionsWithCode & { readonly field?: string }) {
    super(message, { cause: options.cause });
    this.code = options.code;
    this.field = options.field;
  }
}

/** Trying again can help: 429, 5xx, network. After a write it means "unknown", so look before writing again. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
  readonly code: string;
  /** Milliseconds that the far end asked us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: ErrorOptionsWithCode & { readonly retryAfterMs?: number | undefined }) {
    super(message, { cause: options.cause });
    this.code = options.code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Trying again cannot help: refused, not permitted, not there, ambiguous. The operator has to change something. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
  readonly code: string;

  constructor(message: string, options: ErrorOptionsWithCode) {
    super(message, { cause: options.cause });
    this.code = options.code;
  }
}

export type KnownError = UserError | TransientError | PermanentError;

export function isKnownError(error: unknown): error is KnownError {
  return error instanceof UserError || error instanceof TransientError || error instanceof PermanentError;
}
