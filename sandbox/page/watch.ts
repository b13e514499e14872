import { describeServer, describeSessions, describeTunnels } from '../describe-tunnel.ts';
import type { Sandbox } from '../start-sandbox.ts';

/** How often the account is compared with how it was; only while somebody looks. */
const LOOK_EVERY_MS = 250;

/**
 * Tells listeners that something in the workspace or in the account has changed. The account has no events of its own,
 * because curl and the dashboard edits of tests change it too, so it is compared.
 */
export function createWatch({ slack, cloudflare, docker }: Pick<Sandbox, 'slack' | 'cloudflare' | 'docker'>) {
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let before = '';
  let isTold = false;

  /** Many changes of one moment are told once. */
  function tell(): void {
    if (isTold) return;
    isTold = true;
    setImmediate(() => {
      isTold = false;
      for (const listener of listeners) listener();
    });
  }

  function compare(): void {
    const now = fingerprint();
    if (now !== before) tell();
    before = now;
  }

  function fingerprint(): string {
    const { account, calls, violations } = cloudflare;
    const lastCall = calls.at(-1);
    const doing = [calls.length, lastCall?.status, violations.length];
    const server = [docker.calls.length, describeServer(docker)];
    const settings = [describeTunnels(account), describeSessions(account)];
    return JSON.stringify([doing, account.summary(), server, settings], withoutAges);
  }

  const stopListening = slack.workspace.changes.listen(tell);

  return {
    /** Returns the function that stops listening. */
    listen(listener: () => void): () => void {
      listeners.add(listener);
      timer ??= setInterval(compare, LOOK_EVERY_MS);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    stop(): void {
      stopListening();
      clearInterval(timer);
      listeners.clear();
    },
  };
}

/** Ages grow by themselves; that is no change. */
function withoutAges(key: string, value: unknown): unknown {
  return key === 'seenMsAgo' ? undefined : value;
}
