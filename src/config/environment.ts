import { z } from 'zod';
import {
  faultOfBotToken,
  faultOfCloudflareToken,
  faultOfExportKey,
  faultOfHostname,
  faultOfSigningSecret,
  faultOfTimeZone,
  hours,
  readApprovers,
  readDuration,
  readHours,
  readTimeOfDay,
} from './formats.ts';
import { parseDockerHost } from '../core/docker-target.ts';
import { createSecret } from '../core/secret.ts';
import { parseRedisTarget, REDIS_URL_FORMS } from '../core/redis-target.ts';

const SLACK_APP = 'api.slack.com/apps -> your app ->';
const CLOUDFLARE = 'dash.cloudflare.com ->';
const CHANNEL = 'in Slack, name of the channel -> About -> Channel ID at the end (C…), or its name without the #';

const text = () => z.string({ error: 'is missing' });

/** Tells the operator where the value is found; printed with whatever is wrong with it. */
function from<T extends z.ZodType>(place: string, schema: T): T {
  return schema.meta({ place });
}

function without(fault: (value: string) => string | undefined) {
  return text().superRefine((value, context) => {
    const message = fault(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

/** A reader throws an Error whose message is safe to show: it never repeats the value. */
function readBy<T>(read: (value: string) => T) {
  return text().transform((value, context) => {
    try {
      return read(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'cannot be read' });
      return z.NEVER;
    }
  });
}

function wholeNumber(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return text()
    .regex(/^\d{1,7}$/, error)
    .transform(Number)
    .refine((value) => value >= least && value <= most, error);
}

function trueOrFalse() {
  return z.enum(['true', 'false'], { error: 'must be true or false' }).transform((value) => value === 'true');
}

function url() {
  return z
    .url({ protocol: /^https?$/, error: 'must be a URL that starts with https://' })
    .refine((value) => !URL.canParse(value) || new URL(value).username === '', 'must not hold a user name or password');
}

function channel() {
  return text()
    .regex(/^([CG][A-Z0-9]{2,}|#?[\p{Ll}\p{Lo}\p{N}_-]{1,80})$/u, 'must be a channel id such as C0123456789, or a name')
    .transform((value) => (/^([CG][A-Z0-9]+|#.*)$/.test(value) ? value : `#${value}`));
}

/**
 * Every variable that is read, in the order of `.env.example`, which names the same ones. Values come trimmed; a blank
 * one is an absent one.
 */
export const Environment = z.object({
  SLACK_BOT_TOKEN: from(
    `${SLACK_APP} OAuth & Permissions -> Bot User OAuth Token (starts with xoxb-)`,
    without(faultOfBotToken).transform(createSecret),
  ),
  SLACK_APP_TOKEN: from(
    `${SLACK_APP} Basic Information -> App-Level Tokens, with the scope connections:write (starts with xapp-)`,
    text()
      .regex(/^xapp-\S+$/, 'is not an app-level token')
      .transform(createSecret)
      .optional(),
  ),
  SLACK_SIGNING_SECRET: from(
    `${SLACK_APP} Basic Information -> App Credentials -> Signing Secret`,
    without(faultOfSigningSecret).transform(createSecret).optional(),
  ),
  PORT: wholeNumber(1, 65_535).optional(),
  HOST: text()
    .regex(/^[\w.:-]+$/, 'must be an address of this machine, such as 127.0.0.1')
    .default('0.0.0.0'),
  SOCKET_CONNECTIONS: wholeNumber(1, 10).default(2),
  // The client puts method names behind it.
  SLACK_API_URL: url()
    .transform((value) => (value.endsWith('/') ? value : `${value}/`))
    .optional(),

  CLOUDFLARE_API_TOKEN: from(
    `${CLOUDFLARE} Manage Account -> Account API Tokens -> Create Token`,
    without(faultOfCloudflareToken).transform(createSecret),
  ),
  CLOUDFLARE_ACCOUNT_ID: from(
    `${CLOUDFLARE} the menu beside the name of your account -> Copy account ID`,
    text()
      .regex(/^[0-9a-f]{32}$/i, 'must be 32 characters of 0-9 and a-f')
      .toLowerCase(),
  ),
  CLOUDFLARE_BASE_URL: url().optional(),

  ACCESS_APP: from(
    `${CLOUDFLARE} Zero Trust -> Access controls -> Applications, the name, domain or id of Open Chat Studio there`,
    text(),
  ),
  ACCESS_POLICY: text().optional(),
  ENROLMENT_POLICY: text().optional(),
  POSTURE_RULE: text().optional(),
  EMAIL_LIST: text().optional(),
  PRIVATE_HOSTNAME: from(
    'the name under which people open Open Chat Studio, such as ocs.your-org',
    without(faultOfHostname).toLowerCase(),
  ),
  APP_PORT: wholeNumber(1, 65_535).default(8000),
  APP_URL: url().optional(),

  APPROVERS: from(
    'a user group of Slack by handle or id (S…), or user ids with commas (in Slack, profile -> Copy member ID, U…)',
    readBy(readApprovers),
  ),
  APPROVALS_NEEDED: wholeNumber(1, 10).default(1),
  ALLOW_SELF_APPROVAL: trueOrFalse().default(false),
  REQUEST_TTL: readBy((value) => readDuration(value, { least: '5m', most: '30d' })).default(24 * 60 * 60 * 1000),
  REVOKE_SEAT: trueOrFalse().default(true),
  APPROVALS_CHANNEL: from(CHANNEL, channel()),
  AUDIT_CHANNEL: from(CHANNEL, channel()),
  SECURITY_CHANNEL: from(CHANNEL, channel().optional()),
  OPS_CHANNEL: from(CHANNEL, channel().optional()),
  DIGEST_CHANNEL: from(CHANNEL, channel().optional()),
  DIGEST_AT: readBy(readTimeOfDay).default({ hour: 8, minute: 0 }),

  REDIS_URL: from(REDIS_URL_FORMS, readBy(parseRedisTarget)),
  REDIS_PREFIX: text()
    .regex(
      /^[^\s{}]*\{[^\s{}]+\}[^\s{}]*$/,
      'must hold a part in braces, which keeps all keys on one node of a cluster',
    )
    .default('{ocs-access}'),

  LOG_RETENTION_DAYS: wholeNumber(1, 400).default(30),
  LOG_MOST_ROWS: wholeNumber(1_000, 5_000_000).default(200_000),
  EXPORT_KEY: from('make one with: openssl rand -hex 32', without(faultOfExportKey).transform(createSecret).optional()),

  TUNNEL_POLL_SECONDS: wholeNumber(10, 600).default(30),
  TUNNEL_AUTO_RESTART: trueOrFalse().default(false),
  DOCKER_HOST: readBy(parseDockerHost).default({ kind: 'socket', path: '/var/run/docker.sock' }),
  DOCKER_TLS_VERIFY: text().optional(),
  DOCKER_CERT_PATH: text().regex(/^\//, 'must be the whole path of a folder').optional(),
  CLOUDFLARED_CONTAINER: text()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'must be the name of a container or of a compose service')
    .default('cloudflared'),

  APP_SESSION_HOURS: readBy((value) => readHours(value, { least: 1, most: 720 })).default(hours(4, 24)),
  WARP_SESSION_HOURS: readBy((value) => readHours(value, { least: 1, most: 720 })).default(hours(8, 168)),

  TIMEZONE: without(faultOfTimeZone).default('UTC'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, fatal, silent',
    })
    .default('info'),
  WORKER_CONCURRENCY: wholeNumber(1, 100).default(5),
});
export type Environment = z.infer<typeof Environment>;
