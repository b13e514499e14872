import type { Changes } from './changes.ts';

export interface UntilOptions {
  /** Default 5000. */
  timeoutMs?: number;
  /** What is waited for, in the words of the error. */
  what?: string;
}

/** What lies outside the workspace (an app's own list, a log) gives no sign when it changes, so it is looked at anyway. */
const lookAnywayMs = 20;

/** Waits for something to be so, looking again at each change. Throws with a picture of how things stand. */
export function createUntil(changes: Changes, picture: () => string) {
  return function until<T>(
    look: () => T | undefined | null | false,
    { timeoutMs = 15_000, what = 'what was waited for' }: UntilOptions = {},
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`waited ${timeoutMs} ms for ${what}, in vain. This is how things stand:\n${picture()}`));
      }, timeoutMs);
      const looking = setInterval(lookAgain, lookAnywayMs);
      const stopListening = changes.listen(lookAgain);

      function stop(): void {
        clearTimeout(timer);
        clearInterval(looking);
        stopListening();
      }

      function lookAgain(): void {
        try {
          const seen = look();
          if (seen === undefined || seen === null || seen === false) return;
          stop();
          resolve(seen);
        } catch (error) {
          stop();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      }

      lookAgain();
    });
  };
}
