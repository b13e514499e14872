import { once } from 'node:events';
import { WebSocket } from 'ws';
import { asText, type JsonObject } from '../../../sandbox/slack/json.ts';
import type { Slack } from '../../../sandbox/slack/start-slack.ts';

/** A Web API call without an SDK, to see the very answer. Objects travel as JSON text in a form, as Slack's SDK sends them. */
export async function call(
  slack: Slack,
  method: string,
  args: Record<string, unknown> = {},
  token = slack.botToken,
): Promise<JsonObject & { status: number; retryAfter: string | null }> {
  const form = new URLSearchParams();
  for (const [key, value] of Object.entries(args)) {
    form.set(key, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: 'POST',
    body: form,
    headers: token === '' ? {} : { authorization: `Bearer ${token}` },
  });
  const text = await response.text();
  const body = text === '' ? {} : (JSON.parse(text) as JsonObject);
  return { ...body, status: response.status, retryAfter: response.headers.get('retry-after') };
}

export interface RawSocket {
  hello: JsonObject;
  frames: JsonObject[];
  /** The next frame that comes, or the oldest that was not taken yet. */
  next(): Promise<JsonObject>;
  send(frame: JsonObject): void;
  close(): void;
}

/** A Socket Mode client that does only what a test tells it to. */
export async function connectRaw(slack: Slack): Promise<RawSocket> {
  const { url } = await call(slack, 'apps.connections.open', {}, slack.appToken);
  const socket = new WebSocket(asText(url));
  const frames: JsonObject[] = [];
  socket.on('message', (data) => {
    frames.push(JSON.parse((data as Buffer).toString()) as JsonObject);
    socket.emit('frame');
  });
  let taken = 0;
  async function next(): Promise<JsonObject> {
    while (frames.length <= taken) await once(socket, 'frame');
    return frames[taken++] ?? {};
  }
  const hello = await next();
  return { hello, frames, next, send: (frame) => socket.send(JSON.stringify(frame)), close: () => socket.close() };
}
