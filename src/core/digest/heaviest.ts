/** Traffic of one port of a destination, or of one person with a device. */
export interface Heavy<Part extends string | number> {
  readonly name: string;
  readonly part: Part;
  sessions: number;
  bytes: number;
}

/** The heaviest of many, in memory that does not grow with them. */
export interface Heaviest<Part extends string | number> {
  /** Returns whether there was none of this name and part. */
  add(name: string, part: Part, sessions: number, bytes: number): boolean;
  /** The heaviest first. Exact while there were at most twice `most`; of one that was let go, only what came after that. */
  top(count: number): Heavy<Part>[];
}

export function createHeaviest<Part extends string | number>(most: number): Heaviest<Part> {
  /** The first of that name. A key of both name and part would have to be made for every row. */
  const byName = new Map<string, Heavy<Part>>();
  const others = new Map<string, Heavy<Part>>();

  function enter(heavy: Heavy<Part>): Heavy<Part> {
    if (byName.has(heavy.name)) others.set(keyOf(heavy.name, heavy.part), heavy);
    else byName.set(heavy.name, heavy);
    return heavy;
  }

  function top(count: number): Heavy<Part>[] {
    return [...byName.values(), ...others.values()].toSorted(heavierFirst).slice(0, count);
  }

  function letGo(): void {
    const kept = top(most);
    byName.clear();
    others.clear();
    kept.forEach(enter);
  }

  return {
    add(name, part, sessions, bytes) {
      const first = byName.get(name);
      const known = first === undefined || first.part === part ? first : others.get(keyOf(name, part));
      if (known === undefined && byName.size + others.size >= 2 * most) letGo();
      const heavy = known ?? enter({ name, part, sessions: 0, bytes: 0 });
      heavy.sessions += sessions;
      heavy.bytes += bytes;
      return known === undefined;
    },
    top,
  };
}

function keyOf(name: string, part: string | number): string {
  return `${part}\n${name}`;
}

function heavierFirst<Part extends string | number>(one: Heavy<Part>, other: Heavy<Part>): number {
  return (
    other.bytes - one.bytes ||
    other.sessions - one.sessions ||
    (keyOf(one.name, one.part) < keyOf(other.name, other.part) ? -1 : 1)
  );
}
