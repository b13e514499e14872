import { readFile } from 'node:fs/promises';
import { request as requestPlain, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestTls } from 'node:https';
import { join } from 'node:path';
import type { DockerTarget } from '../core/docker-target.ts';

/** A call in words, for what is said when it fails. */
export interface Question {
  readonly method: 'GET' | 'POST';
  /** Without a version, so that the Engine takes its own: `/containers/cloudflared/json`. */
  readonly path: string;
  /** With the question mark. */
  readonly query?: string;
  /** Infinitive: `restart the container`. */
  readonly does: string;
}

export interface Call extends Question {
  /** Milliseconds for all of it, the answer included. */
  readonly limitMs: number;
  /** Reading stops there, and what was read is the answer. */
  readonly mostBytes: number;
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** One of the files for TLS can't be read. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(`${path} can't be read`, { cause });
    this.path = path;
  }
}

/**
 * One exchange with the Engine, over a connection of its own.
 *
 * @throws CertificateError, an error of Node with its `code`, or a `TimeoutError` when the limit is over.
 */
export async function callDocker(target: DockerTarget, call: Call): Promise<Answer> {
  const signal = AbortSignal.timeout(call.limitMs);
  try {
    const response = await send(target, call, signal);
    return { status: response.statusCode ?? 0, body: await read(response, call.mostBytes) };
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

async function send(
  target: DockerTarget,
  { method, path, query = '' }: Call,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  // `agent: false`: no connection is kept, so none is found dead later.
  const options = { method, path: `${path}${query}`, signal, agent: false };
  if (target.kind === 'socket') return sent(requestPlain, { ...options, socketPath: target.path });
  const { host, port, tls } = target;
  if (tls === undefined) return sent(requestPlain, { ...options, host, port });
  return sent(requestTls, { ...options, host, port, ...(await readCertificates(tls.certPath)) });
}

function sent(request: typeof requestPlain, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(options).on('response', resolve).on('error', reject).end();
  });
}

/** At each call, because certificates are renewed while the bot runs. */
async function readCertificates(folder: string): Promise<{ ca: Buffer; cert: Buffer; key: Buffer }> {
  const [ca, cert, key] = await Promise.all([
    readPart(join(folder, 'ca.pem')),
    readPart(join(folder, 'cert.pem')),
    readPart(join(folder, 'key.pem')),
  ]);
  return { ca, cert, key };
}

async function readPart(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new CertificateError(path, error);
  }
}

async function read(response: AsyncIterable<Buffer>, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    bytes += chunk.length;
    // Leaving the loop closes the connection.
    if (bytes >= mostBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, mostBytes);
}
