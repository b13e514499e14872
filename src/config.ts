import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { Environment } from './config/environment.ts';
import type { DockerTarget } from './core/docker-target.ts';
import { misspelt, mistakeRules, type Variables, warningRules } from './config/rules.ts';

/** `message` is the complete text for the operator and holds none of the values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** One line each. */
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(
      [
        mistakes.length === 1
          ? 'The configuration has a mistake:'
          : `The configuration has ${mistakes.length} mistakes:`,
        ...mistakes.map((mistake) => `  - ${mistake}`),
        'Set variables in the environment or in a .env file; .env.example explains each one.',
      ].join('\n'),
    );
    this.mistakes = mistakes;
  }
}

/** The whole configuration, checked. Secrets are wrapped: logging it shows none. */
export type Config = Readonly<ReturnType<typeof arrange>> & {
  /** For the log at start, one line each: not wrong enough to refuse to run. */
  readonly warnings: readonly string[];
};

/**
 * Reads the configuration: the environment, and below it a `.env` file in the working directory. Blank values count as
 * absent. `process.env` itself is not changed, so child processes inherit no secret from the file.
 *
 * @param env Instead of `process.env`; the file is then read only when it is named.
 * @throws ConfigError that names every mistake at once.
 */
export function loadConfig(env?: NodeJS.ProcessEnv, envFile = env === undefined ? '.env' : undefined): Config {
  const variables = present({ ...readEnvFile(envFile), ...present(env ?? process.env) });
  const typos = misspelt(variables);
  const parsed = Environment.safeParse(variables);
  const broken = mistakeRules.filter((rule) => rule.broken(variables));

  if (!parsed.success || broken.length > 0) {
    const faults = [
      ...(parsed.error?.issues ?? []).map((issue) => ({ variable: String(issue.path[0]), says: issue.message })),
      ...broken,
    ];
    throw new ConfigError([...inOrder(faults).map(describe), ...typos]);
  }
  const warnings = warningRules
    .filter((rule) => rule.broken(variables))
    .map(({ variable, says }) => `${variable} ${says}`);
  return { ...arrange(parsed.data), warnings: [...warnings, ...typos] };
}

/**
 * Where the memory is, and nothing else, for a command that runs where the tokens are not. Read from the same places.
 *
 * @throws ConfigError
 */
export function loadRedisConfig(
  env?: NodeJS.ProcessEnv,
  envFile = env === undefined ? '.env' : undefined,
): Config['redis'] {
  const variables = present({ ...readEnvFile(envFile), ...present(env ?? process.env) });
  const parsed = Environment.pick({ REDIS_URL: true, REDIS_PREFIX: true }).safeParse(variables);
  if (parsed.success) return { target: parsed.data.REDIS_URL, prefix: parsed.data.REDIS_PREFIX };
  const faults = parsed.error.issues.map((issue) => ({ variable: String(issue.path[0]), says: issue.message }));
  throw new ConfigError([...faults.map(describe), ...misspelt(variables)]);
}

function present(variables: NodeJS.Dict<string>): Variables {
  const trimmed = Object.entries(variables).map(([name, value = '']) => [name, value.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== ''));
}

function readEnvFile(path: string | undefined): NodeJS.Dict<string> {
  if (path === undefined) return {};
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new ConfigError([
      `the file ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
}

interface Fault {
  readonly variable: string;
  readonly says: string;
}

const shape: Readonly<Record<string, z.ZodType>> = Environment.shape;

function inOrder(faults: Fault[]): Fault[] {
  const order = Object.keys(shape);
  return faults.toSorted((a, b) => order.indexOf(a.variable) - order.indexOf(b.variable));
}

function describe({ variable, says }: Fault): string {
  const place = shape[variable]?.meta()?.['place'];
  return typeof place === 'string' ? `${variable} ${says}: ${place}` : `${variable} ${says}`;
}

function arrange(env: Environment) {
  return {
    slack: { botToken: env.SLACK_BOT_TOKEN, apiUrl: env.SLACK_API_URL, ...arrangeTransport(env) },
    cloudflare: {
      apiToken: env.CLOUDFLARE_API_TOKEN,
      accountId: env.CLOUDFLARE_ACCOUNT_ID,
      baseUrl: env.CLOUDFLARE_BASE_URL,
      /** What to take where discovery finds several. */
      choose: {
        app: env.ACCESS_APP,
        policy: env.ACCESS_POLICY,
        enrolmentPolicy: env.ENROLMENT_POLICY,
        postureRule: env.POSTURE_RULE,
        emailList: env.EMAIL_LIST,
      },
    },
    redis: { target: env.REDIS_URL, prefix: env.REDIS_PREFIX },
    approvals: {
      approvers: env.APPROVERS,
      needed: env.APPROVALS_NEEDED,
      allowSelfApproval: env.ALLOW_SELF_APPROVAL,
      requestTtlMs: env.REQUEST_TTL,
    },
    revokeSeat: env.REVOKE_SEAT,
    /** Ids, or names that start with `#`. */
    channels: {
      approvals: env.APPROVALS_CHANNEL,
      audit: env.AUDIT_CHANNEL,
      security: env.SECURITY_CHANNEL ?? env.AUDIT_CHANNEL,
      ops: env.OPS_CHANNEL ?? env.AUDIT_CHANNEL,
      digest: env.DIGEST_CHANNEL ?? env.AUDIT_CHANNEL,
    },
    app: {
      hostname: env.PRIVATE_HOSTNAME,
      port: env.APP_PORT,
      url: env.APP_URL ?? `http://${env.PRIVATE_HOSTNAME}:${env.APP_PORT}`,
    },
    sessionLimits: { app: env.APP_SESSION_HOURS, warp: env.WARP_SESSION_HOURS },
    digestAt: env.DIGEST_AT,
    logs: { retentionDays: env.LOG_RETENTION_DAYS, mostRows: env.LOG_MOST_ROWS },
    exportKey: env.EXPORT_KEY,
    tunnel: { pollMs: env.TUNNEL_POLL_SECONDS * 1000, restartsItself: env.TUNNEL_AUTO_RESTART },
    docker: { target: arrangeDocker(env), container: env.CLOUDFLARED_CONTAINER },
    timeZone: env.TIMEZONE,
    logLevel: env.LOG_LEVEL,
    workerConcurrency: env.WORKER_CONCURRENCY,
  };
}

/** The port that Docker's clients take where none is named depends on TLS. */
function arrangeDocker({ DOCKER_HOST, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH }: Environment): DockerTarget {
  if (DOCKER_HOST.kind === 'socket') return DOCKER_HOST;
  const tls = DOCKER_TLS_VERIFY && DOCKER_CERT_PATH ? { certPath: DOCKER_CERT_PATH } : undefined;
  const { host, port = tls === undefined ? 2375 : 2376 } = DOCKER_HOST;
  return { kind: 'tcp', host, port, tls };
}

function arrangeTransport(env: Environment) {
  const { SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, PORT, HOST } = env;
  if (SLACK_APP_TOKEN)
    return { mode: 'socket', appToken: SLACK_APP_TOKEN, connections: env.SOCKET_CONNECTIONS } as const;
  if (SLACK_SIGNING_SECRET && PORT)
    return { mode: 'http', signingSecret: SLACK_SIGNING_SECRET, port: PORT, host: HOST } as const;
  throw new Error('a rule of the configuration let neither Socket Mode nor HTTP mode through');
}
