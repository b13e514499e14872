import type { IncomingMessage } from 'node:http';
import { isObject, parseJson, type JsonObject } from './json.ts';

const mostBytes = 20_000_000;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > mostBytes) throw new Error('body too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** Arguments from a form or a JSON body, and from the query. `undefined` when the body cannot be read as either. */
export function readArguments(request: IncomingMessage, body: Buffer): JsonObject | undefined {
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://127.0.0.1').searchParams);
  const type = request.headers['content-type'] ?? '';
  if (body.length === 0) return query;
  if (type.startsWith('application/json')) {
    const json = parseJson(body.toString('utf8'));
    return isObject(json) ? { ...query, ...json } : undefined;
  }
  if (!type.startsWith('application/x-www-form-urlencoded')) return undefined;
  return { ...query, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) };
}

/** The bytes of the first file of a multipart body, or the body itself when it is sent plainly. */
export async function readFile(request: IncomingMessage, body: Buffer): Promise<Buffer | undefined> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  for (const [, value] of form) {
    if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
  }
  return undefined;
}
