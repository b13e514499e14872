import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type App, HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from '@slack/web-api';
import { acknowledgeFirst } from './acknowledge-first.ts';

/** Seconds; Bolt itself refuses what is older than this, but takes what is dated up to a day ahead. */
const SKEW_S = 5 * 60;

export interface SocketOptions {
  readonly appToken: string;
  /** Slack replaces each connection every few hours; with two, one is there while the other is changed. */
  readonly connections: number;
  readonly apiUrl?: string | undefined;
  readonly logger: Logger;
}

/** Several Socket Mode connections as one receiver. Each envelope arrives on one of them. */
export function createSocketReceiver({ appToken, connections, apiUrl, logger }: SocketOptions): Receiver {
  const sockets = Array.from(
    { length: connections },
    () =>
      new SocketModeReceiver({
        appToken,
        logger,
        ...(apiUrl === undefined ? {} : { installerOptions: { clientOptions: { slackApiUrl: apiUrl } } }),
      }),
  );
  return {
    init: (app: App) => sockets.forEach((socket) => socket.init(acknowledgeFirst(app))),
    start: () => Promise.all(sockets.map((socket) => socket.start())),
    stop: () => Promise.all(sockets.map((socket) => socket.stop())),
  };
}

export interface HttpOptions {
  readonly signingSecret: string;
  readonly port: number;
  /** Of this machine: `0.0.0.0` is every address that it has. */
  readonly host: string;
  readonly logger: Logger;
}

/** Signed HTTP at `POST /slack/events`. */
export function createHttpReceiver({ signingSecret, port, host, logger }: HttpOptions): Receiver {
  const receiver = new HTTPReceiver({ signingSecret, logger });
  let server: Server | undefined;
  return {
    init: (app: App) => receiver.init(acknowledgeFirst(app)),
    start: () =>
      new Promise<void>((resolve, reject) => {
        const opened = createServer((request, response) => {
          if (isFromTheFuture(request)) response.writeHead(401).end();
          else receiver.requestListener(request, response);
        });
        server = opened;
        opened.once('error', reject);
        opened.listen(port, host, () => resolve());
      }),
    stop: () =>
      new Promise<void>((resolve) => {
        if (server === undefined) return resolve();
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

function isFromTheFuture(request: IncomingMessage): boolean {
  const stamped = Number(request.headers['x-slack-request-timestamp']);
  return Number.isFinite(stamped) && stamped - Date.now() / 1000 > SKEW_S;
}
