/** Kills a process at a chosen point, as the machine would: from there on nothing that it tries gets through. */
export interface Fuse {
  /** The same port, whose every call is two points: just before it is carried out, and just after. */
  wrap<T extends object>(port: T): T;
  /** Points passed so far. */
  readonly passed: number;
  readonly hasBurnt: boolean;
}

export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Burns at the point with this number, from 1. `whenBurnt`: what the machine cuts off besides. */
export function aFuse(at: number, whenBurnt: () => void = () => undefined): Fuse {
  let passed = 0;
  let hasBurnt = false;

  function pass(): void {
    passed += 1;
    if (passed === at) {
      hasBurnt = true;
      whenBurnt();
    }
    if (hasBurnt) throw new Killed(`at point ${at}`);
  }

  return {
    get passed() {
      return passed;
    },
    get hasBurnt() {
      return hasBurnt;
    },
    wrap: (port) =>
      new Proxy(port, {
        get(target, name, receiver) {
          const member: unknown = Reflect.get(target, name, receiver);
          if (typeof member !== 'function') return member;
          return async (...given: unknown[]) => {
            pass();
            const result: unknown = await Reflect.apply(member, target, given);
            pass();
            return result;
          };
        },
      }),
  };
}
