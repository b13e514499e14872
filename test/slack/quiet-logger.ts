import { LogLevel, type Logger } from '@slack/web-api';

/** Tests provoke what Slack's SDK would write to the console. */
export const quietLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};
