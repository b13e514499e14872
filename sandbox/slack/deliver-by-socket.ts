import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { nameOf, type Ack, type Attempt, type Transport } from './delivery.ts';
import { isObject, parseJson, type JsonObject } from './json.ts';
import { limits } from './limits.ts';
import type { Workspace } from './workspace.ts';

interface Pending {
  name: string;
  socket: WebSocket;
  sentAt: number;
  acks: number;
  isLate: boolean;
  done: (ack: Ack) => void;
}

export interface SocketTransport extends Transport {
  /** A fresh, single-use address for `apps.connections.open`. */
  invite: (base: string) => string;
  upgrade: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
  /** Asks connections to come back, as Slack does every few hours: the oldest one, or all. */
  refresh: (options?: { all?: boolean; reason?: 'refresh_requested' | 'warning' | 'link_disabled' }) => void;
  connections: () => number;
  dropAll: () => void;
  /** Says goodbye and waits a moment for the answers. */
  stop: () => Promise<void>;
}

export function createSocketTransport(workspace: Workspace, ackTimeoutMs: number): SocketTransport {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const open: WebSocket[] = [];
  const pending = new Map<string, Pending>();
  let next = 0;

  function accept(socket: WebSocket): void {
    if (open.length >= limits.sockets) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets', debug_info: debugInfo() }));
      socket.close();
      workspace.suspect(`more than ${limits.sockets} Socket Mode connections`);
      return;
    }
    open.push(socket);
    const pings = setInterval(() => socket.ping(), 5000);
    pings.unref();
    socket.on('message', (data) => receive(socket, rawText(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pings);
      forget(socket);
      workspace.changes.tell('socket', 'closed');
    });
    const hello = {
      type: 'hello',
      num_connections: open.length,
      connection_info: { app_id: workspace.app.id },
      debug_info: debugInfo(),
    };
    socket.send(JSON.stringify(hello));
    workspace.changes.tell('socket', 'opened');
  }

  function forget(socket: WebSocket): void {
    const index = open.indexOf(socket);
    if (index >= 0) open.splice(index, 1);
  }

  function receive(socket: WebSocket, text: string): void {
    const frame = parseJson(text);
    const envelopeId = isObject(frame) ? frame['envelope_id'] : undefined;
    const waiting = typeof envelopeId === 'string' ? pending.get(envelopeId) : undefined;
    if (!isObject(frame) || waiting === undefined) {
      workspace.suspect(`a frame that acknowledges nothing we sent: ${text.slice(0, 120)}`);
      return;
    }
    if (waiting.socket !== socket) {
      workspace.suspect(`${waiting.name}: acknowledged on another connection`);
      return;
    }
    settle(waiting, frame);
  }

  function settle(waiting: Pending, frame: JsonObject): void {
    waiting.acks += 1;
    const ackMs = performance.now() - waiting.sentAt;
    if (waiting.acks > 1) workspace.suspect(`${waiting.name}: acknowledged twice`);
    else if (waiting.isLate) workspace.suspect(`${waiting.name}: acknowledged late, after ${Math.round(ackMs)} ms`);
    else waiting.done({ acked: true, ackMs, body: frame['payload'], failure: undefined });
  }

  return {
    async send(attempt) {
      const socket = open[next++ % Math.max(open.length, 1)];
      if (socket === undefined) return { ...failed(0, 'dispatch_failed: the app is not connected'), noRetry: false };
      const envelopeId = randomUUID();
      const sentAt = performance.now();
      const ack = await new Promise<Ack>((resolve) => {
        const timer = setTimeout(() => {
          waiting.isLate = true;
          resolve(failed(performance.now() - sentAt, 'operation_timeout'));
        }, ackTimeoutMs);
        const waiting: Pending = {
          name: nameOf(attempt),
          socket,
          sentAt,
          acks: 0,
          isLate: false,
          done(given) {
            clearTimeout(timer);
            resolve(given);
          },
        };
        pending.set(envelopeId, waiting);
        socket.send(JSON.stringify(envelope(envelopeId, attempt)));
      });
      return { ...ack, noRetry: false };
    },
    invite(base) {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `${base.replace(/^http/, 'ws')}link/?ticket=${ticket}&app_id=${workspace.app.id}`;
    },
    upgrade(request, stream, head) {
      const ticket = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket)) {
        stream.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, stream, head, accept);
    },
    refresh({ all = false, reason = 'refresh_requested' } = {}) {
      for (const socket of all ? [...open] : open.slice(0, 1)) {
        // No new payload goes there, but an ack that is still on its way is taken until the client leaves.
        forget(socket);
        socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: debugInfo() }));
      }
    },
    connections: () => open.length,
    dropAll() {
      for (const socket of server.clients) socket.terminate();
    },
    async stop() {
      const leaving = [...server.clients].map((socket) => {
        socket.close(1001);
        return once(socket, 'close', { signal: AbortSignal.timeout(500) }).catch(() => socket.terminate());
      });
      await Promise.all(leaving);
      server.close();
    },
  };
}

function envelope(envelopeId: string, { kind, payload, retry }: Attempt): JsonObject {
  return {
    envelope_id: envelopeId,
    type: kind,
    accepts_response_payload: kind !== 'events_api',
    payload,
    ...(kind === 'events_api' && { retry_attempt: retry?.number ?? 0, retry_reason: retry?.reason ?? '' }),
  };
}

function failed(ackMs: number, failure: string): Ack {
  return { acked: false, ackMs, body: undefined, failure };
}

function rawText(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(data as Buffer).toString();
}

function debugInfo(): JsonObject {
  return { host: 'applink-sandbox', build_number: 1, approximate_connection_time: 18_060 };
}
