import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Faults } from './faults.ts';
import { parseJson } from './json.ts';
import { Refusal, type Platform } from './method.ts';
import { readBody, readFile } from './read-body.ts';
import { showResponse } from './respond.ts';

/** The next part of a path after `prefix`, when it begins so. */
export type Room = (rest: string, request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** One HTTP server for everything; the first room whose prefix fits answers. */
export function createFrontDoor(rooms: Record<string, Room>): Server {
  return createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const prefix = Object.keys(rooms).find((one) => path.startsWith(one));
    const room = prefix === undefined ? undefined : rooms[prefix];
    if (prefix === undefined || room === undefined) {
      send(response, 404, { ok: false, error: 'not_found' });
      return;
    }
    room(path.slice(prefix.length), request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, 500, { ok: false, error: String(error) });
      else response.end();
    });
  });
}

/** Listens on loopback only; resolves with the port. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

/** `POST /respond/<key>`: JSON without credentials; who holds the address may use it. */
export function createRespondRoom({ workspace, faults, responseUrls }: Platform): Room {
  return async (key, request, response) => {
    const body = parseJson((await readBody(request)).toString('utf8'));
    if (await isUnlucky('response_url', faults, response)) return undefined;
    const used = responseUrls.use(key);
    if (!used.ok) {
      workspace.suspect(`response_url: ${used.error}`);
      return send(response, 404, { ok: false, error: used.error });
    }
    if (body === undefined) {
      workspace.suspect('response_url: the body is not JSON');
      return send(response, 400, { ok: false, error: 'invalid_payload' });
    }
    try {
      showResponse(workspace, faults, used.target, body, 'response_url');
      return send(response, 200, { ok: true });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return send(response, 400, { ok: false, error: error.error, ...error.extra });
    }
  };
}

/** True when an injected fault has answered already. */
async function isUnlucky(
  address: 'response_url' | 'upload',
  faults: Faults,
  response: ServerResponse,
): Promise<boolean> {
  const fault = faults.take(address);
  if (fault?.latencyMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.latencyMs));
  const status = faults.isDown() ? 503 : fault?.status;
  if (status === undefined && fault?.error === undefined) return false;
  send(response, status ?? 404, { ok: false, error: fault?.error ?? 'unavailable' });
  return true;
}

/**
 * `GET /files-pri/<file id>/…`: the bytes, for a token that may read files. Whoever comes without one gets the page on
 * which people sign in, with status 200: an app that does not look takes that page for the file.
 */
export function createFileRoom({ workspace }: Platform, botToken: string): Room {
  return async (rest, request, response) => {
    const file = workspace.files.get(rest.split('/')[0] ?? '');
    const mayRead =
      request.headers.authorization === `Bearer ${botToken}` && workspace.app.scopes.includes('files:read');
    if (!mayRead || request.method !== 'GET') {
      workspace.suspect('a file was asked for without a token that may read files');
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!DOCTYPE html><html><title>Sign in | Slack</title></html>');
      return undefined;
    }
    if (file?.body === undefined) return send(response, 404, { ok: false, error: 'file_not_found' });
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.body.length });
    response.end(file.body);
    return undefined;
  };
}

/** `POST /upload/<file id>`: the bytes, plain or as a form, once. */
export function createUploadRoom({ workspace, faults }: Platform): Room {
  return async (id, request, response) => {
    if (await isUnlucky('upload', faults, response)) return undefined;
    const file = workspace.files.get(id);
    const bytes = await readFile(request, await readBody(request));
    if (file === undefined || bytes === undefined || file.body !== undefined) {
      return send(response, 404, { ok: false, error: 'file_not_found' });
    }
    if (bytes.length !== file.length) {
      workspace.suspect(`upload of ${file.name}: ${bytes.length} bytes, announced ${file.length}`);
      return send(response, 400, { ok: false, error: 'length_mismatch' });
    }
    file.body = bytes;
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(`OK - ${bytes.length}`);
    return undefined;
  };
}
