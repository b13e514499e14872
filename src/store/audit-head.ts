import { z } from 'zod';
import { CHAIN_START, type ChainHead } from '../core/audit.ts';

const Seq = z.string().regex(/^[1-9]\d{0,14}$/);
const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Stored = z.tuple([Seq, Hash]).transform(([seq, hash]): ChainHead => ({ seq: Number(seq), hash }));
const Start = z.tuple([z.literal(String(CHAIN_START.seq)), z.literal(CHAIN_START.hash)]).transform(() => CHAIN_START);
const Head = z.union([Stored, Start]);

/** Number and hash as they are stored. Undefined: no commit of ours wrote them like that. */
export function readHead(fields: readonly unknown[]): ChainHead | undefined {
  return Head.safeParse(fields).data;
}
