import { PermanentError, TransientError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { createApprovers } from '../slack/approvers.ts';
import { createClients } from '../slack/client.ts';
import { resolveChannel } from '../slack/resolve-channel.ts';
import { asOurs } from '../slack/translate-error.ts';
import { checkRedis } from '../store/check-redis.ts';
import type { RedisConnection } from '../store/connect.ts';
import { approversOf, cloudflareOf, type Surroundings } from './from-config.ts';
import { slackLogger } from './logger.ts';

/** The channels and the variables that name them. */
const CHANNELS = {
  approvals: 'APPROVALS_CHANNEL',
  audit: 'AUDIT_CHANNEL',
  security: 'SECURITY_CHANNEL',
  ops: 'OPS_CHANNEL',
  digest: 'DIGEST_CHANNEL',
} as const;

/** What the checks at start found out, for the rest of the wiring. */
export interface Findings {
  readonly teamId: string;
  /** Channel ids. */
  readonly channels: Readonly<Record<keyof typeof CHANNELS, string>>;
}

/** Everything that keeps the program from starting, at once. `message` is the whole text for the operator. */
export class StartError extends Error {
  override readonly name = 'StartError';

  constructor(problems: readonly string[]) {
    super(['ocs-access can’t start:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
  }
}

interface Part<Found> {
  readonly problems: readonly string[];
  readonly found?: Found;
}

/** Asks Redis, Slack and Cloudflare, side by side, whether this configuration can work. Throws StartError. */
export async function checkStart(
  surroundings: Surroundings,
  redis: RedisConnection,
  { allowVolatileRedis = false } = {},
): Promise<Findings> {
  const { log } = surroundings;
  const [memory, slack, cloudflare] = await Promise.all([
    checkRedis(redis, { allowVolatile: allowVolatileRedis }),
    checkSlack(surroundings),
    checkCloudflare(surroundings),
  ]);
  for (const warning of memory.warnings) log.warn(warning);
  const problems = [...memory.problems, ...slack.problems, ...cloudflare.problems];
  if (problems.length > 0 || slack.found === undefined) throw new StartError(problems);
  if (cloudflare.found !== undefined) log.info(describeAccount(cloudflare.found), 'Found the account');
  return slack.found;
}

async function checkSlack({ config, log, clock }: Surroundings): Promise<Part<Findings>> {
  const { slack, channels } = config;
  const client = createClients(slack.botToken.reveal(), { apiUrl: slack.apiUrl, logger: slackLogger(log) }).interactive;
  try {
    const { team_id: teamId } = await asOurs(client.auth.test());
    if (teamId === undefined) return { problems: ['Slack does not say which workspace SLACK_BOT_TOKEN belongs to.'] };
    const resolve = createResolver(client);
    const results = await Promise.allSettled([
      resolve(channels.approvals, CHANNELS.approvals),
      resolve(channels.audit, CHANNELS.audit),
      resolve(channels.security, CHANNELS.security),
      resolve(channels.ops, CHANNELS.ops),
      resolve(channels.digest, CHANNELS.digest),
      createApprovers({ client, source: approversOf(config), clock }).read(true),
    ]);
    const [approvals, audit, security, ops, digest] = results.map((result) =>
      result.status === 'fulfilled' && typeof result.value === 'string' ? result.value : undefined,
    );
    const problems = reasons(results);
    if (
      approvals === undefined ||
      audit === undefined ||
      security === undefined ||
      ops === undefined ||
      digest === undefined
    ) {
      return { problems };
    }
    return { problems, found: { teamId, channels: { approvals, audit, security, ops, digest } } };
  } catch (error) {
    return { problems: [`Slack: ${sentenceOf(error)}`] };
  }
}

/** Several variables mostly name one channel: it is asked for once, under the first of them. */
function createResolver(
  client: Parameters<typeof resolveChannel>[0],
): (given: string, variable: string) => Promise<string> {
  const asked = new Map<string, Promise<string>>();
  return (given, variable) => {
    const known = asked.get(given) ?? resolveChannel(client, given, variable);
    asked.set(given, known);
    return known;
  };
}

/** A far end that is down for the moment keeps nobody from starting; a token that is refused or an account that is ambiguous does. */
async function checkCloudflare({ config, log, clock }: Surroundings): Promise<Part<Snapshot>> {
  const cloudflare = cloudflareOf(config, clock);
  try {
    const token = await cloudflare.checkToken();
    if (!token.ok) log.warn(`Cloudflare token: ${token.says}`);
    return { problems: [], found: await cloudflare.snapshot() };
  } catch (error) {
    if (!(error instanceof TransientError)) return { problems: [`Cloudflare: ${sentenceOf(error)}`] };
    log.warn(`Cloudflare can’t be asked right now, so the account was not looked at: ${error.message}`);
    return { problems: [] };
  }
}

function reasons(results: readonly PromiseSettledResult<unknown>[]): string[] {
  const said = results.flatMap((result) =>
    result.status === 'rejected' ? [`Slack: ${sentenceOf(result.reason)}`] : [],
  );
  return [...new Set(said)];
}

function sentenceOf(error: unknown): string {
  if (error instanceof PermanentError || error instanceof TransientError) return error.message;
  throw error;
}

function describeAccount({ app, allow, enrolment, posture, emailLists, teamName }: Snapshot): Record<string, string> {
  return {
    team: teamName,
    application: app.name,
    allowPolicy: allow.name,
    enrolment: enrolment?.allow?.name ?? 'none: nobody can enrol a device yet',
    postureRule: posture?.name ?? 'none: no device is checked',
    serialList: posture?.list.name ?? 'none',
    emailLists: emailLists.map(({ name }) => name).join(', ') || 'none',
  };
}
