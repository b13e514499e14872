import { isFromHere } from '../loopback.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { actFor } from './control-act.ts';
import { setFaults } from './control-faults.ts';
import { asObject, asText, parseJson, type Json, type JsonObject } from './json.ts';
import type { Platform } from './method.ts';
import type { createOffice } from './office.ts';
import type { Person } from './person.ts';
import { readBody } from './read-body.ts';
import { send } from './serve.ts';
import type { Message, ShownView } from './snapshots.ts';
import type { Call } from './web-api.ts';

export interface ControlDeps {
  platform: Platform;
  as: (who: string) => Person;
  messages: (channel: string) => Message[];
  dms: (who: string) => Message[];
  text: (shown: Message | ShownView) => string;
  picture: () => string;
  calls: Call[];
  office: ReturnType<typeof createOffice>;
}

type Read = (query: URLSearchParams) => unknown;
type Write = (body: JsonObject) => Promise<unknown>;

/**
 * The workspace over HTTP, for the page and for curl. Loopback only: other hosts and other origins are refused, so
 * that no web page elsewhere can drive it.
 */
export function createControl(deps: ControlDeps) {
  const { platform, as, text } = deps;
  const { workspace } = platform;
  const streams = new Set<ServerResponse>();
  const who = (query: URLSearchParams) => as(query.get('person') ?? '');
  const withText = <T extends Message | ShownView>(shown: T) => ({ ...shown, asText: text(shown) });

  const reads: Record<string, Read> = {
    people: () => [...workspace.users.values()],
    channels: () =>
      [...workspace.channels.values()].map(({ messages, members, ...one }) => ({
        ...one,
        members: [...members],
        messageCount: messages.length,
      })),
    groups: () => [...workspace.groups.values()],
    app: () => workspace.app,
    messages: (query) => deps.messages(query.get('channel') ?? '').map(withText),
    dms: (query) => deps.dms(query.get('person') ?? '').map(withText),
    views: (query) => who(query).views().map(withText),
    home: (query) => {
      const home = who(query).home();
      return home === undefined ? null : withText(home);
    },
    ephemerals: (query) => who(query).ephemerals().map(withText),
    calls: () => deps.calls,
    'faults-seen': () => workspace.faultsSeen,
    picture: () => ({ picture: deps.picture() }),
  };

  const writes: Record<string, Write> = {
    act: (body) => actFor(deps, body),
    faults: async (body) => setFaults(platform.faults, body),
    emit: async (body) => (await deps.office.emit(asObject(body['event']))) ?? { acked: false },
    groups: async (body) => {
      const change = body['remove'] === undefined ? deps.office.groups.add : deps.office.groups.remove;
      const group = asText(body['group']);
      await change(group, asText(body['remove'] ?? body['add']), { emit: body['emit'] !== false });
      return deps.office.groups.members(group);
    },
  };

  const stopListening = workspace.changes.listen((change) => {
    for (const stream of streams) stream.write(`data: ${JSON.stringify(change)}\n\n`);
  });

  function openStream(response: ServerResponse, headers: Record<string, string>): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', ...headers });
    response.write(': here\n\n');
    streams.add(response);
    response.on('close', () => streams.delete(response));
  }

  async function answer(what: string, request: IncomingMessage, body: JsonObject): Promise<unknown> {
    const query = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams;
    if (request.method === 'GET' && Object.hasOwn(reads, what)) return reads[what]?.(query);
    if (request.method === 'POST' && Object.hasOwn(writes, what)) return writes[what]?.(body);
    const known = [...Object.keys(reads), ...Object.keys(writes), 'events'].join(', ');
    throw new Error(`nothing at ${request.method} ${what}; there is: ${known}`);
  }

  return {
    async handle(what: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
      const { origin = '' } = request.headers;
      const isOurs = isFromHere(request.headers.host, origin);
      if (!isOurs) return send(response, 403, { ok: false, error: 'loopback only' });
      const headers = corsFor(origin);
      if (request.method === 'OPTIONS') return send(response, 200, {}, headers);
      if (what === 'events') return openStream(response, headers);
      try {
        const body = asObject(parseJson((await readBody(request)).toString('utf8')) satisfies Json | undefined);
        return send(response, 200, await answer(what, request, body), headers);
      } catch (error) {
        return send(response, 400, { ok: false, error: error instanceof Error ? error.message : 'failed' }, headers);
      }
    },
    stop(): void {
      stopListening();
      for (const stream of streams) stream.end();
    },
  };
}

function corsFor(origin: string): Record<string, string> {
  if (origin === '') return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'content-type',
    vary: 'origin',
  };
}
