import { TransientError } from '../../src/core/errors.ts';
import type { Lock, Locks } from '../../src/core/ports.ts';

export interface MemoryLocks extends Locks {
  /** Resources held at this moment. */
  readonly held: ReadonlySet<string>;
  /** From now on nobody is sure of having this resource. */
  lose(resource: string): void;
}

/** Locks of one process, served in order of asking. */
export function createMemoryLocks(): MemoryLocks {
  const queues = new Map<string, Promise<unknown>>();
  const held = new Set<string>();
  const lost = new Set<string>();
  let tokens = 0;

  async function run<T>(resource: string, task: (lock: Lock) => Promise<T>): Promise<T> {
    held.add(resource);
    tokens += 1;
    const confirm = async (): Promise<void> => {
      if (!lost.has(resource)) return;
      throw new TransientError('Somebody else may be changing the same thing by now.', { code: 'lock-lost' });
    };
    try {
      return await task({ token: tokens, confirm });
    } finally {
      held.delete(resource);
    }
  }

  return {
    held,
    lose: (resource) => {
      lost.add(resource);
    },
    hold<T>(resource: string, task: (lock: Lock) => Promise<T>): Promise<T> {
      const turn = (queues.get(resource) ?? Promise.resolve()).then(() => run(resource, task));
      queues.set(
        resource,
        turn.catch(() => undefined),
      );
      return turn;
    },
  };
}
