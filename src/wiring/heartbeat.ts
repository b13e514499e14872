import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One process a container: the bot and the worker of one machine have their own `/tmp` each. */
const FILE = join(tmpdir(), 'ocs-access.heartbeat');
const BEAT_EVERY_MS = 15_000;
const DEAD_AFTER_MS = 60_000;

export interface HeartbeatOptions {
  /** Is the process fit for its work, Redis and Slack included? A beat is skipped when not, or when this throws. */
  readonly healthy: () => boolean | Promise<boolean>;
  readonly file?: string;
  readonly everyMs?: number;
}

/**
 * Touches a file while the process is well; the container's health check looks at its age.
 *
 * @returns Ends it.
 */
export function startHeartbeat({ healthy, file = FILE, everyMs = BEAT_EVERY_MS }: HeartbeatOptions): () => void {
  let checking = false;
  const beat = async () => {
    // A check that hangs is not asked a second time: then the file grows old, as it should.
    if (checking) return;
    checking = true;
    try {
      if (await healthy()) await writeFile(file, '');
    } catch {
      // No beat is the message.
    } finally {
      checking = false;
    }
  };
  void beat();
  const timer = setInterval(() => void beat(), everyMs).unref();
  return () => clearInterval(timer);
}

/** Did the process say within the last minute that it is well? */
export function isAlive(now: number, file: string = FILE): boolean {
  try {
    return now - statSync(file).mtimeMs <= DEAD_AFTER_MS;
  } catch {
    return false;
  }
}
