import type { EngineAnswer } from './routes.ts';

interface Fault {
  readonly on: RegExp;
  /** Undefined: none ever comes. `lost`: it is done, and the connection breaks before anybody is told. */
  readonly answer: EngineAnswer | 'lost' | undefined;
}

const EVERYTHING = /^/;

/** What goes wrong, from now on, with the calls that a pattern such as `/^POST /` or `/restart$/` hits. The last one wins. */
export function createFaults() {
  const faults: Fault[] = [];
  const add = (on: RegExp, answer: Fault['answer']): void => void faults.unshift({ on, answer });
  return {
    /** @param call Without version and query: `GET /containers/json`. */
    of: (call: string): Fault | undefined => faults.find(({ on }) => on.test(call)),
    clear: (): void => void faults.splice(0),
    handles: {
      hangs: (on: RegExp = EVERYTHING): void => add(on, undefined),
      losesAnswers: (on: RegExp): void => add(on, 'lost'),
      failsWith: (status: number, on: RegExp = EVERYTHING): void =>
        add(on, {
          status,
          type: 'application/json',
          body: JSON.stringify({ message: 'the sandbox was told to fail' }),
        }),
      /** As a socket proxy does that lets these calls not through. */
      refuses: (on: RegExp): void => add(on, { status: 403, type: 'text/plain; charset=utf-8', body: 'Forbidden\n' }),
      /** Something else answers, and not as an Engine does. */
      answers: (body: string, on: RegExp = EVERYTHING): void => add(on, { status: 200, type: 'text/plain', body }),
    },
  };
}
