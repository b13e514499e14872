/** Where a Docker Engine is, as `DOCKER_HOST` says it. */
export type DockerTarget =
  | { readonly kind: 'socket'; readonly path: string }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      /** Folder with `ca.pem`, `cert.pem` and `key.pem`. Undefined: without TLS. */
      readonly tls: { readonly certPath: string } | undefined;
    };

export const DOCKER_HOST_FORMS = 'unix:///var/run/docker.sock, or tcp://host:2375 (with TLS: tcp://host:2376)';
const DEFAULT_SOCKET = '/var/run/docker.sock';

/**
 * Reads DOCKER_HOST as Docker's own clients do: `unix://` alone is the usual socket, `tcp://` may be left out, and so may
 * the host, which is then this machine. `http://` is what some libraries write for `tcp://`.
 *
 * @throws Error with the reason.
 */
export function parseDockerHost(
  text: string,
):
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number | undefined } {
  const [, scheme = 'tcp', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/s.exec(text) ?? [];
  if (scheme === 'unix') return { kind: 'socket', path: readSocketPath(rest) };
  if (scheme === 'tcp' || scheme === 'http') return { kind: 'tcp', ...readAddress(rest) };
  if (scheme === 'https') throw new Error('must start with tcp:// also for TLS, which DOCKER_TLS_VERIFY switches on');
  if (['ssh', 'npipe', 'fd'].includes(scheme)) {
    throw new Error(`must start with unix:// or tcp://: the bot can't use ${scheme}://`);
  }
  throw new Error(`must be ${DOCKER_HOST_FORMS}`);
}

/** For people, as they would write it into DOCKER_HOST. */
export function dockerHostOf(target: DockerTarget): string {
  if (target.kind === 'socket') return `unix://${target.path}`;
  return `tcp://${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
}

function readSocketPath(path: string): string {
  if (path === '') return DEFAULT_SOCKET;
  if (!path.startsWith('/')) throw new Error(`must name a socket by its whole path, as in unix://${DEFAULT_SOCKET}`);
  return path;
}

function readAddress(address: string): { host: string; port: number | undefined } {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9_.-]*))(?::(\d{1,5}))?\/?$/.exec(address);
  const port = parts?.[3] === undefined ? undefined : Number(parts[3]);
  if (parts === null || port === 0 || (port ?? 0) > 65_535) throw new Error(`must be ${DOCKER_HOST_FORMS}`);
  return { host: parts[1] ?? (parts[2] || 'localhost'), port };
}
