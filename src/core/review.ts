import { z } from 'zod';

/** When and by which request somebody was given access. */
export const Given = z.object({
  /** Epoch milliseconds. */
  at: z.number(),
  requestId: z.string(),
});
export type Given = z.infer<typeof Given>;

/** Somebody who can come in, or of whom a seat, a device or a serial number is left. Times are epoch milliseconds. */
export const ReviewedPerson = z.object({
  email: z.string(),
  name: z.string().optional(),
  /** Undefined: no request gave it to them, so they have it from before this bot, or by hand. */
  since: Given.optional(),
  /** The last sign of them, and where it is from. Undefined: none. */
  seen: z.object({ at: z.number(), from: z.string() }).optional(),
  /** Undefined: no end is set. */
  endsAt: z.number().optional(),
  /** Those that they can connect with now. */
  devices: z.array(z.string()),
  /** Registered as theirs. */
  serials: z.array(z.string()),
  /** Each policy that lets them in, with what it opens and its rule. Empty: none does. */
  policies: z.array(z.string()),
});
export type ReviewedPerson = z.infer<typeof ReviewedPerson>;

/** A registered serial number whose entry names nobody. */
export const OwnerlessSerial = z.object({
  serial: z.string(),
  /** Of its entry in the list. */
  description: z.string(),
  /** Addresses of those who use a device that reports it. */
  usedBy: z.array(z.string()),
});
export type OwnerlessSerial = z.infer<typeof OwnerlessSerial>;

/** Everybody and everything, for the file. */
export const ReviewList = z.object({
  /** Epoch milliseconds. */
  madeAt: z.number(),
  people: z.array(ReviewedPerson),
  ownerless: z.array(OwnerlessSerial),
});
export type ReviewList = z.infer<typeof ReviewList>;

/** A policy that lets in people whom nobody can list. */
export const WidePolicy = z.object({ name: z.string(), opens: z.string(), rules: z.array(z.string()) });
export type WidePolicy = z.infer<typeof WidePolicy>;

/** What the message of one week shows. Lists are cut to what can be shown; the counts are whole. */
export const Review = z.object({
  /** Its Monday: `2026-11-23`. */
  week: z.string(),
  /** IANA name. */
  timeZone: z.string(),
  /** Who can come in now, as far as they can be listed. */
  people: z.number(),
  /** How many of them have an end date. */
  ending: z.number(),
  /** People who can’t come in, and of whom a seat, a device or a serial number is left. */
  leftovers: z.number(),
  /** Those who could come in and were not seen for `UNSEEN_DAYS`, the longest unseen first. */
  unseen: z.array(ReviewedPerson.pick({ email: true, name: true, since: true, seen: true })),
  moreUnseen: z.number(),
  /** The name of the list of serial numbers. Undefined: there is none. */
  serialList: z.string().optional(),
  /** Serial numbers whose entries name nobody, those first that nobody uses. */
  ownerless: z.array(z.string()),
  moreOwnerless: z.number(),
  /** How many of all of them somebody uses. */
  ownerlessInUse: z.number(),
  wide: z.array(WidePolicy),
  moreWide: z.number(),
  /** What else has to be known, in sentences. */
  notes: z.array(z.string()),
  isLate: z.boolean(),
});
export type Review = z.infer<typeof Review>;

export const UNSEEN_DAYS = 30;
