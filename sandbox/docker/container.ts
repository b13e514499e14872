import { createHash } from 'node:crypto';

export interface PretendedContainer {
  /** 64 hexadecimal digits. */
  readonly id: string;
  name: string;
  readonly image: string;
  /** Compose knows it as part of this service of the project `open-chat-studio`. */
  readonly service: string;
  readonly number: number;
  readonly variables: readonly string[];
  readonly args: readonly string[];
  /** With a terminal its log comes as it is, and else in frames. */
  readonly tty: boolean;
  /** Whether its process connects to the tunnel. */
  readonly isConnector: boolean;
  state: 'running' | 'exited';
  /** Empty: never. */
  startedAt: string;
  exitCode: number;
  /** What Cloudflare calls the process that runs in it, once it is connected. */
  connectorId: string | undefined;
  readonly log: string[];
}

export function containerId(words: string): string {
  return createHash('sha256').update(`container ${words}`).digest('hex');
}

/** JSON in base64, as Cloudflare hands it out: account, tunnel and secret. */
export function tunnelToken(tunnelId: string): string {
  const secret = createHash('sha256').update(`secret of ${tunnelId}`).digest('base64');
  const account = createHash('sha256').update('account').digest('hex').slice(0, 32);
  return Buffer.from(JSON.stringify({ a: account, t: tunnelId, s: secret })).toString('base64');
}

const labelsOf = ({ service, number }: PretendedContainer): Record<string, string> => ({
  'com.docker.compose.container-number': String(number),
  'com.docker.compose.oneoff': 'False',
  'com.docker.compose.project': 'open-chat-studio',
  'com.docker.compose.service': service,
});

/** `GET /containers/…/json`. */
export function inspect(container: PretendedContainer): unknown {
  const { id, name, image, variables, args, tty, state, startedAt, exitCode } = container;
  const isRunning = state === 'running';
  return {
    Id: id,
    Created: '2026-05-05T08:00:00.000000001Z',
    Path: 'cloudflared',
    Args: args,
    State: {
      Status: state,
      Running: isRunning,
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: isRunning ? 4711 : 0,
      ExitCode: isRunning ? 0 : exitCode,
      Error: '',
      StartedAt: startedAt === '' ? '0001-01-01T00:00:00Z' : startedAt,
      FinishedAt: '0001-01-01T00:00:00Z',
    },
    Image: `sha256:${containerId(image)}`,
    Name: `/${name}`,
    RestartCount: 0,
    Config: {
      Hostname: id.slice(0, 12),
      Tty: tty,
      Env: variables,
      Cmd: args,
      Image: image,
      Labels: labelsOf(container),
    },
  };
}

/** One of `GET /containers/json`. */
export function summarise(container: PretendedContainer): { Names: string[]; Labels: Record<string, string> } {
  const { id, name, image, args, state, exitCode } = container;
  return {
    Id: id,
    Names: [`/${name}`],
    Image: image,
    ImageID: `sha256:${containerId(image)}`,
    Command: `cloudflared ${args.join(' ')}`,
    Labels: labelsOf(container),
    State: state,
    Status: state === 'running' ? 'Up 3 days' : `Exited (${exitCode}) 2 minutes ago`,
  } as { Names: string[]; Labels: Record<string, string> };
}
