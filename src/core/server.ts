/** A container as the Docker Engine shows it. */
export interface Container {
  readonly id: string;
  /** Without the slash in front. */
  readonly name: string;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead' | 'unknown';
  /**
   * When it was started last, as the Engine writes it: to be compared with itself only, because its clock is another
   * machine's. Empty: never.
   */
  readonly startedAt: string;
  /** `cloudflare/cloudflared:2026.3.0` */
  readonly image: string;
  readonly exitCode?: number;
  /** How often Docker has started it again by itself. */
  readonly restarts: number;
  /** Which tunnel its token is for, where that can be told. */
  readonly tunnelId?: string;
}

/**
 * What runs on the server of the application. TransientError `docker-unavailable` (an error of the Engine, no answer within
 * 10 s); PermanentError `docker-unreachable` (no Engine there), `docker-not-permitted`, `docker-no-container`, each with a
 * sentence for people that says what to do.
 */
export interface Server {
  /** The containers that CLOUDFLARED_CONTAINER means, by name or as replicas of a compose service, in order of their names. At least one. */
  containers(): Promise<readonly Container[]>;
  /** The last lines of what it wrote, oldest first, secrets masked. */
  logs(containerId: string, lines: number): Promise<readonly string[]>;
  /** Ends it and starts it again. Returns when it was started. */
  restart(containerId: string): Promise<void>;
  /** What a person types on the server to do the same: `docker compose restart cloudflared`. */
  readonly byHand: string;
}
