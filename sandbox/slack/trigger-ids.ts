import { randomBytes } from 'node:crypto';
import { limits } from './limits.ts';

export interface Trigger {
  userId: string;
  /** The modal that it came from, if any. */
  viewId: string | undefined;
}

export type SpentTrigger =
  | { ok: true; trigger: Trigger }
  | { ok: false; error: 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' };

/** Trigger ids: good for three seconds, and once. */
export function createTriggerIds(now: () => number) {
  const issued = new Map<string, Trigger & { at: number; isSpent: boolean }>();

  return {
    issue(userId: string, viewId?: string): string {
      const id = `${now()}.${issued.size + 1}.${randomBytes(16).toString('hex')}`;
      issued.set(id, { userId, viewId, at: now(), isSpent: false });
      return id;
    },
    spend(id: string): SpentTrigger {
      const trigger = issued.get(id);
      if (trigger === undefined) return { ok: false, error: 'invalid_trigger_id' };
      if (trigger.isSpent) return { ok: false, error: 'exchanged_trigger_id' };
      if (now() - trigger.at > limits.triggerMs) return { ok: false, error: 'expired_trigger_id' };
      trigger.isSpent = true;
      return { ok: true, trigger };
    },
  };
}

export type TriggerIds = ReturnType<typeof createTriggerIds>;
