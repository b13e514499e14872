import { createServer as createPlain, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { PretendedContainer } from './container.ts';
import { EngineError } from './engine-error.ts';
import { createFaults } from './faults.ts';
import { createFleet, type FleetOptions, type Restart, type TunnelWorld } from './fleet.ts';
import { answerOf, withoutVersion, type EngineAnswer } from './routes.ts';
import { makeFolder, removeFolder } from './socket-folder.ts';

export interface DockerOptions extends Partial<FleetOptions> {
  /** `socket` unless told; else a free TCP port on loopback, with TLS where there are certificates. */
  readonly listen?: 'socket' | { readonly tls?: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer } };
}

export interface EngineCall {
  readonly method: string;
  /** As it came, with the query. */
  readonly url: string;
  /** 0: no answer. */
  readonly status: number;
  /** Epoch milliseconds, by the clock of the sandbox. */
  readonly at: number;
}

export type ContainerView = Readonly<
  Pick<PretendedContainer, 'id' | 'name' | 'state' | 'startedAt' | 'isConnector' | 'connectorId'>
> & {
  readonly log: readonly string[];
};

const nobody: TunnelWorld = { tunnelLosesConnectors: () => undefined, tunnelGainsConnector: () => 'a connector' };

/**
 * A Docker Engine that runs cloudflared: small, strict, and not more than the bot needs. What happens to its containers
 * happens to the tunnel of the sandbox Cloudflare as well.
 */
export async function startDocker(options: DockerOptions = {}) {
  const { connectorIds = [], listen = 'socket', now = Date.now } = options;
  const fleet = createFleet({
    tunnels: nobody,
    tunnelId: '00000000-0000-4000-a000-000000000000',
    replicas: Math.max(1, connectorIds.length),
    comesBackAfterMs: 3000,
    version: '2026.3.0',
    tty: false,
    ...options,
    now,
    connectorIds,
  });
  const faults = createFaults();
  const calls: EngineCall[] = [];

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '' } = request;
    const answer = tryToAnswer(method, new URL(url, 'http://docker'));
    const isLost = answer === 'lost';
    calls.push({ method, url, status: isLost ? 0 : (answer?.status ?? 0), at: now() });
    if (isLost) request.socket.destroy();
    if (answer === undefined || isLost) return;
    const headers = answer.type === undefined ? {} : { 'content-type': answer.type };
    response.writeHead(answer.status, { 'api-version': '1.52', server: 'Docker/29.1.3 (linux)', ...headers });
    response.end(answer.body);
  }

  /** Undefined: it hangs. */
  function tryToAnswer(method: string, { pathname, searchParams }: URL): EngineAnswer | 'lost' | undefined {
    try {
      const path = withoutVersion(pathname);
      const fault = faults.of(`${method} ${path}`);
      if (fault !== undefined && fault.answer !== 'lost') return fault.answer;
      const answer = answerOf(fleet, method, path, searchParams);
      return fault === undefined ? answer : 'lost';
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      return { status: error.status, type: 'application/json', body: JSON.stringify({ message: error.message }) };
    }
  }

  const { host, server, close } = await open(listen, handle);

  function containerOf(name: string): PretendedContainer {
    const found = fleet.containers.find((container) => container.name === name);
    if (found !== undefined) return found;
    const names = fleet.containers.map((container) => container.name);
    throw new Error(`the sandbox Docker has no container ${name}, but ${names.join(', ')}`);
  }

  return {
    /** What goes into DOCKER_HOST. */
    host,
    /** In order of arrival. */
    calls: calls as readonly EngineCall[],
    /** Those asked for through the API, in order. */
    restarts: fleet.restarts as readonly Restart[],
    containers: (): readonly ContainerView[] => fleet.containers,
    container: (name: string): ContainerView => containerOf(name),
    stops: (name: string): void => fleet.stop(containerOf(name)),
    crashes: (name: string): void => fleet.crash(containerOf(name)),
    starts: (name: string): void => fleet.start(containerOf(name)),
    rename: (name: string, to: string): void => {
      containerOf(name).name = to;
    },
    /** Writes one more line into its log. */
    writes: (name: string, line: string): void => {
      containerOf(name).log.push(line);
    },
    /** From now on containers start, and Cloudflare sees nothing of them. */
    neverComesBack: (): void => fleet.setComesBack(false),
    /** From now on cloudflared ends as soon as it is started. */
    neverStaysUp: (): void => fleet.setStaysUp(false),
    ...faults.handles,
    comesBack: (): boolean => fleet.comesBack(),
    /** All is well again; what has stopped stays so. */
    recovers: (): void => {
      fleet.setComesBack(true);
      fleet.setStaysUp(true);
      faults.clear();
    },
    stop: async (): Promise<void> => {
      fleet.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      close();
    },
  };
}

export type Docker = Awaited<ReturnType<typeof startDocker>>;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function open(
  listen: NonNullable<DockerOptions['listen']>,
  handle: Handler,
): Promise<{ host: string; server: Server; close: () => void }> {
  if (listen === 'socket') {
    const folder = makeFolder();
    const path = join(folder, 'docker.sock');
    const server = createPlain(handle);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return { host: `unix://${path}`, server, close: () => removeFolder(folder) };
  }
  const certificates = { ...listen.tls, requestCert: true, rejectUnauthorized: true };
  const server = listen.tls === undefined ? createPlain(handle) : createTls(certificates, handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { host: `tcp://127.0.0.1:${port}`, server, close: () => undefined };
}
