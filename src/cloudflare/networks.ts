import { BlockList, isIP } from 'node:net';

/** A range of IPv4 or IPv6 addresses. */
export interface Network {
  readonly family: 'ipv4' | 'ipv6';
  /** Any address of it. */
  readonly address: string;
  /** How many of the first bits all its addresses share. */
  readonly prefix: number;
}

/** Reads `10.20.0.0/16` or a single address. Undefined for anything else. */
export function readNetwork(text: string): Network | undefined {
  const [, address = '', length] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const bits = version === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  return prefix > bits ? undefined : { family: version === 4 ? 'ipv4' : 'ipv6', address, prefix };
}

/** Whether every address of the inner one belongs to the outer one. */
export function contains(outer: Network, inner: Network): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  const range = new BlockList();
  range.addSubnet(outer.address, outer.prefix, outer.family);
  return range.check(inner.address, inner.family);
}
