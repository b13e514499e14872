export interface MethodFault {
  /** A Web API method, `response_url`, `upload` for the address that files go to, or `*` for each. */
  method: string;
  /** How many calls it hits; all until cleared when left out. */
  times?: number;
  /** The `error` of a refused answer. `ratelimited` answers 429. */
  error?: string;
  retryAfterSeconds?: number;
  /** An HTTP status with an empty body, e.g. 500. */
  status?: number;
  latencyMs?: number;
  /** Do what was asked, then answer with the fault: the write whose answer was lost. */
  afterwards?: boolean;
}

/** Bad luck on demand. */
export function createFaults() {
  const state = {
    methods: [] as { fault: MethodFault; left: number }[],
    refusedBlocks: new Set<string>(),
    isDown: false,
    duplicates: 0,
    delays: { left: 0, ms: 0 },
    whenDown: () => {},
  };

  return {
    add(fault: MethodFault): void {
      state.methods.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
    },
    /** Messages and views with this block type are refused, as while Slack rolls a block out. */
    refuseBlock(type: string): void {
      state.refusedBlocks.add(type);
    },
    /** Every call fails with 503 and sockets are cut. */
    down(isDown: boolean): void {
      state.isDown = isDown;
      if (isDown) state.whenDown();
    },
    /** The next `count` payloads arrive twice. */
    duplicateDeliveries(count: number): void {
      state.duplicates = count;
    },
    /** The next `count` payloads arrive late, so that later ones overtake them. */
    delayDeliveries(count: number, ms: number): void {
      state.delays = { left: count, ms };
    },
    clear(): void {
      state.methods = [];
      state.refusedBlocks.clear();
      state.isDown = false;
      state.duplicates = 0;
      state.delays = { left: 0, ms: 0 };
    },
    isDown: () => state.isDown,
    refuses: (blockType: string) => state.refusedBlocks.has(blockType),
    onDown(then: () => void): void {
      state.whenDown = then;
    },
    /** The fault that hits this call, used up by one. */
    take(method: string): MethodFault | undefined {
      const hit = state.methods.find(({ fault, left }) => left > 0 && [method, '*'].includes(fault.method));
      if (hit !== undefined) hit.left -= 1;
      return hit?.fault;
    },
    takeDuplicate(): boolean {
      if (state.duplicates === 0) return false;
      state.duplicates -= 1;
      return true;
    },
    takeDelay(): number {
      if (state.delays.left === 0) return 0;
      state.delays.left -= 1;
      return state.delays.ms;
    },
  };
}

export type Faults = ReturnType<typeof createFaults>;
