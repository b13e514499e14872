import { within } from './within.ts';

/** One line of `status`: what was looked at, whether it is well, and what was seen. */
export interface HealthLine {
  readonly name: string;
  readonly ok: boolean;
  readonly says: string;
}

export interface Probe {
  readonly name: string;
  /** May throw; may be slow. */
  readonly look: () => Promise<Omit<HealthLine, 'name'>>;
}

export interface Health {
  /** All probes side by side; never throws, and never takes longer than the limit. */
  check(): Promise<HealthLine[]>;
}

export function createHealth(probes: readonly Probe[], limitMs = 5_000): Health {
  return {
    check: () => Promise.all(probes.map((probe) => lineOf(probe, limitMs))),
  };
}

async function lineOf({ name, look }: Probe, limitMs: number): Promise<HealthLine> {
  const late = { ok: false, says: `no answer within ${limitMs / 1000} s` };
  try {
    return { name, ...(await within(limitMs, look(), () => late)) };
  } catch (error) {
    return { name, ok: false, says: error instanceof Error ? error.message : 'failed' };
  }
}
