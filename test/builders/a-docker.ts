import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startDocker, type Docker, type DockerOptions } from '../../sandbox/docker/start-docker.ts';
import { parseDockerHost, type DockerTarget } from '../../src/core/docker-target.ts';
import type { Server } from '../../src/core/server.ts';
import { createDockerServer, type DockerServerOptions } from '../../src/server/docker.ts';

const tls = join(import.meta.dirname, '../server/fixtures/tls');
/** What goes into DOCKER_CERT_PATH. */
export const CLIENT_CERTIFICATES = join(tls, 'client');
export const ENGINE_CERTIFICATES = {
  ca: readFileSync(join(tls, 'client/ca.pem')),
  cert: readFileSync(join(tls, 'engine/cert.pem')),
  key: readFileSync(join(tls, 'engine/key.pem')),
};

export function targetOf(host: string, certPath?: string): DockerTarget {
  const parsed = parseDockerHost(host);
  if (parsed.kind === 'socket') return parsed;
  return { ...parsed, port: parsed.port ?? 2375, tls: certPath === undefined ? undefined : { certPath } };
}

/** The real client, for what is at that address. */
export function aServer(host: string, changes: Partial<DockerServerOptions> = {}): Server {
  return createDockerServer({ target: targetOf(host), container: 'cloudflared', ...changes });
}

/** A pretended Engine that ends with the test, and the real client for it. */
export async function aDocker(
  options: DockerOptions = {},
  changes: Partial<DockerServerOptions> = {},
): Promise<{ docker: Docker; server: Server }> {
  const docker = await startDocker({ comesBackAfterMs: 5, ...options });
  onTestFinished(docker.stop);
  return { docker, server: aServer(docker.host, changes) };
}

/** What answers on a TCP port in place of an Engine, until the test ends. Gives its DOCKER_HOST. */
export async function anEngineThat(answers: RequestListener): Promise<string> {
  const http = createServer(answers);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return `tcp://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

/** An Engine that has these answers, by path without the query, and 404 for all else. */
export function anEngineWith(answers: Readonly<Record<string, unknown>>): Promise<string> {
  return anEngineThat((request, response) => {
    const answer = answers[(request.url ?? '').replace(/\?.*$/, '')];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { message: 'No such container' }));
  });
}

/** What an Engine says of one container. */
export function anInspection(changes: {
  readonly name?: string;
  readonly state?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly args?: readonly string[];
}): unknown {
  const { name = 'cloudflared', state = {}, config = {}, args = [] } = changes;
  return {
    Id: `id-of-${name}`,
    Name: `/${name}`,
    RestartCount: 0,
    Args: args,
    State: { Status: 'running', StartedAt: '2026-11-18T08:00:00.000000001Z', ExitCode: 0, ...state },
    Config: { Image: 'cloudflare/cloudflared:2026.3.0', Env: [], ...config },
  };
}
