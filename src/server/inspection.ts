import { z } from 'zod';
import type { Container } from '../core/server.ts';

/** What the Engine writes for a moment that never was. */
const NEVER = '0001-01-01T00:00:00Z';
const TOKEN_IN_ARGUMENTS = /--token[=\s]+["']?([\w+/=-]+)/;
const TOKEN_IN_VARIABLE = /^TUNNEL_TOKEN=\s*([\w+/=-]+)/;

/** `GET /containers/…/json`. What it says of arguments and variables holds the tunnel's token, and does not leave this file. */
export const Inspection = z
  .object({
    Id: z.string(),
    Name: z.string(),
    RestartCount: z.number().optional(),
    Args: z.array(z.string()).nullish(),
    State: z.object({
      Status: z
        .enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead', 'unknown'])
        .catch('unknown'),
      StartedAt: z.string(),
      ExitCode: z.number().optional(),
    }),
    Config: z.object({ Image: z.string(), Env: z.array(z.string()).nullish() }),
  })
  .transform(({ Id, Name, RestartCount, Args, State, Config }): Container => {
    const tunnelId = tunnelIdIn(Args ?? [], Config.Env ?? []);
    return {
      id: Id,
      name: Name.replace(/^\//, ''),
      state: State.Status,
      startedAt: State.StartedAt === NEVER ? '' : State.StartedAt,
      image: Config.Image,
      ...(State.Status === 'exited' && State.ExitCode !== undefined ? { exitCode: State.ExitCode } : {}),
      restarts: RestartCount ?? 0,
      ...(tunnelId === undefined ? {} : { tunnelId }),
    };
  });

function tunnelIdIn(args: readonly string[], variables: readonly string[]): string | undefined {
  const token =
    TOKEN_IN_ARGUMENTS.exec(args.join(' '))?.[1] ??
    variables.flatMap((line) => TOKEN_IN_VARIABLE.exec(line)?.[1] ?? [])[0];
  return token === undefined ? undefined : tunnelIdOf(token);
}

/** A tunnel's token is JSON in base64: account, tunnel and secret. Only the tunnel is kept. */
function tunnelIdOf(token: string): string | undefined {
  try {
    const content: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    return z.object({ t: z.guid() }).safeParse(content).data?.t;
  } catch {
    return undefined;
  }
}
