import { checkStart } from './check-start.ts';
import { connectRedis, createCommon, type Surroundings } from './common.ts';
import { startBot } from './start-bot.ts';
import { startWorker } from './start-worker.ts';

export interface HouseOptions extends Surroundings {
  readonly parts: readonly ('bot' | 'worker')[];
  /** For the sandbox, where nothing that is lost matters. */
  readonly allowVolatileRedis?: boolean;
}

export interface House {
  /** In HTTP mode the server that Slack calls. */
  readonly listening: unknown;
  /** Whether its memory answers: without it there is no work that it could do. */
  isWell(): Promise<boolean>;
  /** Takes nothing new, ends what is under way, and lets go of Redis. */
  stop(): Promise<void>;
}

/** Checks, then starts the parts. Throws StartError, before anything runs, with everything that has to be put right. */
export async function startHouse(options: HouseOptions): Promise<House> {
  const { parts, allowVolatileRedis = false } = options;
  const connections = connectRedis(options);
  try {
    const findings = await checkStart(options, connections, { allowVolatileRedis });
    const common = createCommon(options, connections, findings);
    const worker = parts.includes('worker') ? await startWorker(options, connections, common) : undefined;
    const bot = parts.includes('bot') ? await startBot(options, common, findings) : undefined;
    return {
      listening: bot?.listening,
      isWell: async () => {
        await common.store.auditHead();
        return true;
      },
      stop: async () => {
        await bot?.stop();
        await worker?.stop();
        await common.close();
        connections.close();
      },
    };
  } catch (error) {
    connections.close();
    throw error;
  }
}
