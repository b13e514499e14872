import { z } from 'zod';
import type { RuleContext } from '../core/access-rules.ts';
import { belongingsOf, foldSerial } from '../core/belongings.ts';
import { eachOf } from '../core/each-of.ts';
import { TransientError } from '../core/errors.ts';
import { nameOf, Person } from '../core/person.ts';
import { ruleContext, type Snapshot } from '../core/snapshot.ts';
import { defineStep } from '../core/step.ts';
import { asksNobody, letsIn, waysIn, type WayIn } from '../core/ways-in.ts';

const Args = z.object({
  people: z.array(Person).min(1),
  /** `devices`: they keep the right to come in, with another device. */
  scope: z.enum(['everything', 'devices']),
  /** Serials that stay registered because others use them too. */
  keepSerials: z.array(z.string()).optional(),
});
type Args = z.infer<typeof Args>;

/** What still lets them in, and what a person has to look at; each a full sentence or the part of one. */
interface Finding {
  readonly left: readonly string[];
  readonly notes: readonly string[];
}

/**
 * The proof at the end of a revocation: reads everything back and holds only if nothing that can be read lets these people
 * in. It changes nothing: while it fails, the steps before it are tried again or an administrator has to act.
 */
export const proveOut = defineStep({
  id: 'prove-out',
  args: Args,
  says: ({ people, scope }) => {
    const who = people.length === 1 ? people.map(nameOf).join() : `${people.length} people`;
    return scope === 'everything'
      ? `Read everything back and make sure that ${who} can’t get in`
      : `Read back that no device of ${who} is registered`;
  },
  look: async (args, { cloudflare }) => {
    const emails = args.people.map(({ email }) => email);
    const snapshot = await cloudflare.snapshot({ users: emails, devicesOf: emails, undecided: 'first' });
    const rules = args.scope === 'everything' ? waysLeft(args, snapshot) : NOTHING;
    const serials = serialsLeft(args, snapshot);
    const isTime = emails.length <= FEW || rules.left.length + serials.left.length === 0;
    const alive = isTime ? await aliveOf(args, snapshot, (userId) => cloudflare.sessions(userId)) : [];
    // Whoever may still come in can come back at any moment: that is worth telling, and no failure.
    const mayComeBack = args.scope === 'devices';
    const left = [...rules.left, ...serials.left, ...(mayComeBack ? [] : alive)];
    const notes = [...rules.notes, ...serials.notes, ...(mayComeBack ? alive.map(cameBack) : [])];
    const holds = left.length === 0;
    return { holds, found: left, notes: holds ? [proofOf(args, alive, rules.notes.length === 0), ...notes] : notes };
  },
  writes: false,
  apply: async (_args, _context, left) => {
    const more = left.length > MOST_NAMED ? `, and ${left.length - MOST_NAMED} more` : '';
    throw new TransientError(`Not out yet: ${left.slice(0, MOST_NAMED).join('; ')}${more}.`, { code: 'still-in' });
  },
  byHand: () => 'Zero Trust dashboard → Access controls → Policies, and Team & Resources → Users and Devices',
});

const MOST_NAMED = 5;
/** Sessions cost a call for each person: of more people than this they are counted once nothing else lets them in. */
const FEW = 10;
const NOTHING: Finding = { left: [], notes: [] };

function waysLeft({ people }: Args, snapshot: Snapshot): Finding {
  const context = ruleContext(snapshot);
  const findings = waysIn(snapshot).map((way) => wayLeft(way, people, context));
  return { left: findings.flatMap(({ left }) => left), notes: findings.flatMap(({ notes }) => notes) };
}

function wayLeft({ policy, opens }: WayIn, people: readonly Person[], context: RuleContext): Finding {
  const where = `the policy “${policy.name}” (${opens})`;
  const left: string[] = [];
  const unsure = new Map<string, Person[]>();
  for (const person of people) {
    const admission = letsIn(policy, person.email, context);
    if (admission?.verdict === 'yes') left.push(`${where} lets ${nameOf(person)} in by ${admission.because}`);
    if (admission?.verdict === 'unknown')
      unsure.set(admission.because, [...(unsure.get(admission.because) ?? []), person]);
  }
  const notes = [...unsure].map(
    ([because, some]) => `Check by hand: ${where} may let ${whoOf(some)} in by ${because}.`,
  );
  if (asksNobody(policy)) notes.push(`Check by hand: ${where} lets people through without asking who they are.`);
  return { left, notes };
}

function serialsLeft({ people, keepSerials = [] }: Args, snapshot: Snapshot): Finding {
  const kept = new Set(keepSerials.map(foldSerial));
  const { serials, sharedSerials } = belongingsOf(
    people.map(({ email }) => email),
    snapshot,
  );
  const name = snapshot.posture?.list.name ?? '';
  return {
    left: serials
      .filter(({ value }) => !kept.has(foldSerial(value)))
      .map(({ value }) => `the serial ${value} is in the list “${name}”`),
    notes: sharedSerials.map(
      ({ thing, others }) => `The serial ${thing.value} stays in the list “${name}”: ${others.join(', ')} has it too.`,
    ),
  };
}

/** Registrations and sessions of each, in words. */
async function aliveOf(
  { people }: Args,
  { users, devices }: Snapshot,
  sessionsOf: (userId: string) => Promise<number>,
): Promise<string[]> {
  const counts = await eachOf(users, ({ id }) => sessionsOf(id));
  const registrations = devices.flatMap((device) => device.registrations).filter(({ isActive }) => isActive);
  return people.flatMap((person) => {
    const sessions = users.reduce((sum, { email }, at) => (email === person.email ? sum + (counts[at] ?? 0) : sum), 0);
    const enrolled = registrations.filter(({ email }) => email === person.email).length;
    return [
      ...(enrolled > 0 ? [`${enrolled} ${enrolled === 1 ? 'device' : 'devices'} of ${nameOf(person)}`] : []),
      ...(sessions > 0 ? [`${sessions} ${sessions === 1 ? 'session' : 'sessions'} of ${nameOf(person)}`] : []),
    ];
  });
}

function cameBack(what: string): string {
  return `Back again, as the policies allow: ${what}.`;
}

function proofOf({ people, scope }: Args, alive: readonly string[], isWhole: boolean): string {
  const who = whoOf(people);
  if (scope === 'devices') {
    return `Read back at the end: no serial number of ${who} is registered${alive.length === 0 ? ', 0 devices, 0 sessions' : ''}.`;
  }
  const rules = isWhole ? 'no policy' : 'no rule that can be read from here';
  return `Read back at the end: ${rules} lets ${who} in, 0 devices, 0 sessions.`;
}

function whoOf(people: readonly Person[]): string {
  return people.length > 3 ? `${people.length} people` : new Intl.ListFormat('en').format(people.map(nameOf));
}
