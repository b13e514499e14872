import { startCloudflare, type CloudflareSandbox } from '../../sandbox/cloudflare/server.ts';
import { startSandbox } from '../../sandbox/start-sandbox.ts';
import { createMovableClock } from '../harness/movable-clock.ts';
import type { Bench } from './row.ts';

/** How long Cloudflare takes for each answer while a device is reported lost. */
export const ANSWER_MS = 100;

type Calls = CloudflareSandbox['calls'];

export interface Lost {
  /** Milliseconds from the form being sent to Cloudflare having answered the last write that cuts the device off. */
  readonly cutMs: number;
  /** What had been answered until then. */
  readonly callsToCut: Calls;
  /** Everything from the form being sent to the person being told that it is done. */
  readonly calls: Calls;
}

/** The owner of the laptop, who reports it and needs no approval. */
const OWNER = { who: 'cara', email: 'cara.lindqvist@lanternhealth.example', serial: 'PF2TW6RD' };

/** A whole house in which the same laptop is reported lost again and again, to the same account each time. */
export async function startLosing(
  bench: Bench,
  { answerMs }: { readonly answerMs: number },
): Promise<{ lose(): Promise<Lost>; stop(): Promise<void> }> {
  // One of its own: the sandbox's compares every exchange with the published description, which takes its time.
  const cloudflare = await startCloudflare({ seed: { sessions: true } });
  const sandbox = {
    clock: createMovableClock(),
    ...(await startSandbox({
      redisUrl: bench.redis.url,
      prefix: bench.newPrefix(),
      env: { CLOUDFLARE_BASE_URL: cloudflare.url },
    })),
  };
  const { slack } = sandbox;
  const owner = slack.as(OWNER.who);
  const endsTold = (): number => slack.dms(OWNER.who).filter((message) => /It took/.test(slack.text(message))).length;

  async function lose(): Promise<Lost> {
    cloudflare.reset();
    // So that there is something to report.
    if (!cloudflare.account.login(OWNER.email, OWNER.serial)) throw new Error('the owner could not sign in');
    await owner.types('/ocs-access lost');
    await slack.until(() => owner.view()?.submit, { what: 'the form' });
    const [laptop = ''] = await owner.suggestions('device.pick', '');
    await owner.sets('device.pick', laptop);
    cloudflare.latency(answerMs);
    cloudflare.clearCalls();
    const before = endsTold();
    const started = Date.now();
    const { errors = {} } = await owner.submits();
    if (Object.keys(errors).length > 0) throw new Error(`the form was refused: ${JSON.stringify(errors)}`);
    // Reading all messages takes time from the house, which shares this process: not before the device is cut off.
    const isCutOff = (): boolean => cloudflare.calls.some(({ path }) => path.endsWith('/active_sessions'));
    await slack.until(() => isCutOff() && endsTold() > before, { what: 'the end of the report', timeoutMs: 20_000 });
    await owner.closes({ all: true });
    const calls = [...cloudflare.calls];
    const { account } = cloudflare;
    const isLeft = account.serials().includes(OWNER.serial) || account.hasSession(OWNER.email);
    if (isLeft || account.devicesOf(OWNER.email).length > 0) throw new Error('the device was not cut off');
    const cutAt = Math.max(...calls.filter(isCut).map(answeredAt));
    return { cutMs: cutAt - started, callsToCut: calls.filter((call) => answeredAt(call) <= cutAt), calls };
  }

  return {
    lose,
    stop: async () => {
      await sandbox.stop();
      await cloudflare.stop();
    },
  };
}

type Call = Calls[number];

/** Every write but the question to the analytics: the serial number, the device, its registrations, the sessions. */
function isCut({ method, path }: Call): boolean {
  return method !== 'GET' && !path.endsWith('/graphql');
}

function answeredAt({ at, ms }: Call): number {
  return at + ms;
}
