import type { RunningRedis } from '../../sandbox/redis/start-redis.ts';

/** Something that is measured against something simpler, within one run, so that the machine cancels out. */
export interface Row {
  /** As in `--only`. */
  readonly name: string;
  /** What is measured, for people. */
  readonly about: string;
  /** The ratio that the design asks for, at most. Never enforced. */
  readonly aim: number;
  /** Repetitions unless `--runs` says otherwise. */
  readonly runs: number;
  /** Whether it runs the compiled program, which is then built first. */
  readonly needsBuild: boolean;
  /** Throws if it could not be measured. */
  measure(bench: Bench): Promise<readonly Measured[]>;
}

export interface Bench {
  readonly redis: RunningRedis;
  readonly runs: number;
  /** A prefix for Redis keys that nobody else uses. */
  newPrefix(): string;
}

/** One line of the result. Most rows have one. */
export interface Measured {
  readonly against: string;
  /** One for each repetition. */
  readonly ratios: readonly number[];
  /** What the ratios were made from, and what else is worth seeing. */
  readonly figures: readonly Figure[];
}

export interface Figure {
  readonly what: string;
  /** Behind the numbers: `ms`, `calls`. */
  readonly unit: string;
  readonly values: readonly number[];
}
