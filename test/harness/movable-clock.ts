export interface MovableClock {
  now(): number;
  /** Moves it forward by milliseconds. */
  forward(ms: number): void;
}

/** Runs as the machine's clock does, from a chosen moment on or from now, and can be moved forward. */
export function createMovableClock(start: number = Date.now()): MovableClock {
  let ahead = start - Date.now();
  return {
    now: () => Date.now() + ahead,
    forward: (ms) => {
      ahead += ms;
    },
  };
}
