import { ConfigError, loadConfig } from '../config.ts';
import { StartError } from './check-start.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createLogger } from './logger.ts';
import { startHouse, type HouseOptions } from './start-house.ts';
import { readVersion } from './version.ts';

/** Longer than any step takes; after it the process ends anyway and the next one resumes at the recorded step. */
const STOP_WITHIN_MS = 25_000;

/** The life of a process: configuration, start, signals, end. What the operator has to mend is said without a stack trace. */
export async function runProcess(parts: HouseOptions['parts']): Promise<void> {
  try {
    const config = loadConfig();
    const log = createLogger(config.logLevel);
    for (const warning of config.warnings) log.warn(warning);
    const house = await startHouse({ config, log, clock: { now: Date.now }, parts });
    const stopBeating = startHeartbeat({ healthy: () => house.isWell() });
    log.info({ version: readVersion(), parts }, 'ocs-access is running');

    const end = async (signal: string): Promise<void> => {
      log.info({ signal }, 'Stopping');
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      stopBeating();
      await house.stop();
      // Slack's socket can linger for seconds after it was closed.
      process.exit(0);
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end(signal));
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
