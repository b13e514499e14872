/**
 * Errors are named by what happens next. `message` is always safe to show to a person; `code` is stable and
 * kebab-case, for logs, tests and counts; the cause stays in `cause` and is never shown.
 */

export interface ErrorOptionsWithCode {
  readonly code: string;
  readonly cause?: unknown;
}

/** Other values for some fields of a form, for a button beside the refusal. */
export interface Offer {
  /** At most 75 characters: `Raise both`. */
  readonly label: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The person can put it right: wrong input, not allowed, no longer possible. Shown only to them. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: string;
  /** The form field that is wrong, where there is one: a key of the action's input. */
  readonly field: string | undefined;
  /** What would put it right, as one press in the form. */
  readonly offer: Offer | undefined;

  constructor(message: string, options: ErrorOptionsWithCode & { readonly field?: string; readonly offer?: Offer }) {
    super(message, { cause: options.cause });
    this.code = options.code;
    this.field = options.field;
    this.offer = options.offer;
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
