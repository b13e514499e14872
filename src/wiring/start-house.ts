import { checkStart } from './check-start.ts';
import { connectRedis, createFoundation } from './foundation.ts';
import { type Surroundings } from './from-config.ts';
import { startBot } from './start-bot.ts';
import { startWorker, type Round } from './start-worker.ts';

export interface HouseOptions extends Surroundings {
  readonly parts: readonly ('bot' | 'worker')[];
  /** For the sandbox, where nothing that is lost matters. */
  readonly allowVolatileRedis?: boolean;
  /** All of them unless told; each asks Cloudflare on its own, which a test that counts calls does not want. */
  readonly rounds?: readonly Round[];
}

export interface House {
  /** Whether its memory answers: without it there is no work that it could do. */
  isWell(): Promise<boolean>;
  /** Takes nothing new, ends what is under way, and lets go of Redis. */
  stop(): Promise<void>;
}

/** Checks, then starts the parts. Throws StartError, before anything runs, with everything that has to be put right. */
export async function startHouse(options: HouseOptions): Promise<House> {
  const { parts, allowVolatileRedis = false } = options;
  const connections = connectRedis(options);
  // Ended in the opposite order, also when a later one could not be started.
  const running: (() => Promise<void>)[] = [async () => connections.close()];
  const stop = async (): Promise<void> => {
    for (const end of running.splice(0).toReversed()) await end();
  };
  try {
    const findings = await checkStart(options, connections.answers, { allowVolatileRedis });
    const foundation = createFoundation(options, connections, findings);
    running.push(() => foundation.close());
    if (parts.includes('worker')) {
      const worker = await startWorker(options, connections, foundation, options.rounds);
      running.push(() => worker.stop());
    }
    if (parts.includes('bot')) {
      const bot = await startBot(options, foundation, findings);
      running.push(() => bot.stop());
    }
    return {
      isWell: async () => {
        // Whatever somebody may have altered there: a house that can still revoke is not to be ended for it.
        await foundation.store.ping();
        return true;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
