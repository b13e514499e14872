/** A value that does not print: not in a log line, a template string, JSON or a debugger's view of the object around it. */
export interface Secret {
  /** The value itself. Call it where it is handed to a client, nowhere else. */
  readonly reveal: () => string;
  readonly toString: () => string;
}

const HIDDEN = '[secret]';
const hide = () => HIDDEN;

export function createSecret(value: string): Secret {
  return Object.freeze({
    reveal: () => value,
    toString: hide,
    toJSON: hide,
    [Symbol.for('nodejs.util.inspect.custom')]: hide,
  });
}

export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function';
}
