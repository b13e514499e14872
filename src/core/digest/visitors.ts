import type { AccessRow } from '../log-row.ts';
import { createOften, type Often } from './often.ts';
import type { Cut } from './standing.ts';

/** A country or a device, and when somebody was first let in from there that day. */
export interface Place {
  readonly name: string;
  at: number;
}

/** One address that was at the door, or used the network. */
export interface Visitor {
  readonly email: string;
  /** When their access was taken away, if it was. */
  readonly cut: Cut | undefined;
  /** How many denials of theirs may have been forgotten, at most. */
  readonly forgotten: number;
  /** Not a stranger: never forgotten. */
  isKnown: boolean;
  /** Was let in, or used the network. */
  isActive: boolean;
  signIns: number;
  lastIn: number;
  denied: number;
  lastDeniedAt: number;
  /** The last one, or one that is like it. */
  lastDenied: AccessRow | undefined;
  readonly countries: Place[];
  readonly devices: Place[];
  /** Of the last time that they were let in and it was told: both of these. */
  device: string | undefined;
  country: string | undefined;
  countryAt: number;
  travel: Travel | undefined;
  /** Since the cut. */
  tries: number;
  triesLetIn: number;
  lastTry: number;
}

/** Let in from two countries, at two moments too near to each other. */
export interface Travel {
  readonly from: string;
  readonly fromAt: number;
  readonly to: string;
  readonly at: number;
}

/** How many are kept at most: strangers are those who were only ever turned away. */
export interface VisitorLimits {
  readonly known: number;
  readonly strangers: number;
}

/** Everybody of one day, in memory that does not grow with their number. */
export interface Visitors {
  /** Undefined: there are too many, and this one is not kept. */
  of(email: string, isStranger: boolean): Visitor | undefined;
  all(): Iterable<Visitor>;
  /** Whether strangers were forgotten, so that counts of single visitors are the least that they can be. */
  areRough(): boolean;
}

/**
 * When there are too many strangers, the half that was turned away least is forgotten, and from then on somebody new is
 * kept only when turned away more often than anybody who was forgotten: the many who try once or twice cost nothing.
 */
export function createVisitors(revoked: ReadonlyMap<string, Cut>, limits: VisitorLimits): Visitors {
  const visitors = new Map<string, Visitor>();
  let known = 0;
  let strangers = 0;
  let others: { readonly tries: Often; bar: number } | undefined;

  function forget(): void {
    const ranked = [...visitors.values()].filter(({ isKnown }) => !isKnown).toSorted(leastFirst);
    const leaving = ranked.slice(0, Math.ceil(ranked.length / 2));
    others ??= { tries: createOften(), bar: 0 };
    for (const visitor of leaving) {
      visitors.delete(visitor.email);
      others.tries.raise(visitor.email, rankOf(visitor));
      others.bar = Math.max(others.bar, rankOf(visitor));
    }
    strangers -= leaving.length;
  }

  function enterStranger(email: string): Visitor | undefined {
    if (others === undefined && strangers >= limits.strangers) forget();
    const before = others?.tries.countUpTo(others.bar, email) ?? 0;
    if (others !== undefined && before < others.bar) return undefined;
    if (strangers >= limits.strangers) forget();
    strangers += 1;
    return aVisitor(email, { cut: undefined, isKnown: false, forgotten: before });
  }

  function enterKnown(email: string): Visitor | undefined {
    if (known >= limits.known) return undefined;
    known += 1;
    return aVisitor(email, { cut: revoked.get(email), isKnown: true, forgotten: 0 });
  }

  function enter(email: string, isStranger: boolean): Visitor | undefined {
    const visitor = isStranger && !revoked.has(email) ? enterStranger(email) : enterKnown(email);
    if (visitor !== undefined) visitors.set(email, visitor);
    return visitor;
  }

  return {
    of(email, isStranger) {
      const visitor = visitors.get(email);
      if (visitor === undefined) return enter(email, isStranger);
      if (!isStranger && !visitor.isKnown) {
        visitor.isKnown = true;
        known += 1;
        strangers -= 1;
      }
      return visitor;
    },
    all: () => visitors.values(),
    areRough: () => others !== undefined,
  };
}

function leastFirst(one: Visitor, other: Visitor): number {
  return rankOf(one) - rankOf(other) || one.lastDeniedAt - other.lastDeniedAt;
}

function rankOf({ denied, forgotten }: Visitor): number {
  return denied + forgotten;
}

function aVisitor(email: string, given: Pick<Visitor, 'cut' | 'isKnown' | 'forgotten'>): Visitor {
  return {
    email,
    cut: given.cut,
    forgotten: given.forgotten,
    isKnown: given.isKnown,
    isActive: false,
    signIns: 0,
    lastIn: -Infinity,
    denied: 0,
    lastDeniedAt: -Infinity,
    lastDenied: undefined,
    countries: [],
    devices: [],
    device: undefined,
    country: undefined,
    countryAt: -Infinity,
    travel: undefined,
    tries: 0,
    triesLetIn: 0,
    lastTry: -Infinity,
  };
}
