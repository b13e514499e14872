import { LogLevel, type Logger as SlackLogger } from '@slack/web-api';
import { pino, type DestinationStream, type Logger } from 'pino';
import { maskAddresses } from '../core/mask.ts';

/**
 * JSON lines on standard output. Personal data stays out by not being put in: lines carry the request id. Addresses that are
 * in them all the same, say in the name of a key or in what a library complains of, are hidden.
 */
export function createLogger(level: string, stream?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: maskAddresses },
  };
  return stream === undefined ? pino(options) : pino(options, stream);
}

const quiet = (): void => {};

/** Slack's libraries log through ours, from warnings on: below that their lines may hold what people typed. */
export function slackLogger(log: Logger): SlackLogger {
  return {
    debug: quiet,
    info: quiet,
    warn: (...parts) => log.warn({ from: 'slack' }, parts.map(plain).join(' ')),
    error: (...parts) => log.error({ from: 'slack' }, parts.map(plain).join(' ')),
    setLevel: quiet,
    getLevel: () => LogLevel.WARN,
    setName: quiet,
  };
}

function plain(part: unknown): string {
  return part instanceof Error ? part.message : String(part);
}
