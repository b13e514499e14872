import { foldAddress } from '../../core/address.ts';
import type { RuleContext } from '../../core/access-rules.ts';
import { capital } from '../../core/capital.ts';
import { nameOf, type Person } from '../../core/person.ts';
import type { PlannedStep } from '../../core/plan.ts';
import { emailRules, ruleContext, type AccessList, type Policy, type Snapshot } from '../../core/snapshot.ts';
import { waysIn, type WayIn } from '../../core/ways-in.ts';
import { listItems } from '../../steps/list-items.ts';
import { policyEmails } from '../../steps/policy-emails.ts';
import { admittedByRule, bar, cautions, checkByHand } from './bar.ts';
import { counted, itemsOf, namesOf, together, type Part } from './part.ts';

/**
 * Every way in is closed to these people: the rules and list entries that name them go, and where another rule would
 * still let them in, an exclude rule bars them.
 */
export function shutOut(people: readonly Person[], snapshot: Snapshot): Part {
  const ways = waysIn(snapshot);
  const lists = listsRead(ways, snapshot);
  const context = withoutEntries(lists, people, snapshot);
  return together(...ways.map((way) => close(way, people, context)), {
    steps: lists.flatMap((list) => strike(list, people)),
    warnings: [],
  });
}

function close(way: WayIn, people: readonly Person[], context: RuleContext): Part {
  const { policy } = way;
  const named = emailRules(policy.include);
  const theirs = people.filter(({ email }) => named.includes(email));
  // A policy without an include rule can't be written: whoever is last stays named, and is barred.
  const isEmptied = theirs.length > 0 && policy.include.length === policy.include.filter(isAbout(theirs)).length;
  const last = isEmptied ? theirs.at(-1) : undefined;
  const leaving = theirs.filter((person) => person !== last);

  const after = { ...policy, include: policy.include.filter((rule) => !isAbout(leaving)(rule)) };
  const admitted = admittedByRule({ ...way, policy: after }, people, context);
  const sure = admitted.filter(({ isSure }) => isSure);
  const barred = sure.flatMap((one) => one.people);
  const changed = people.filter((person) => leaving.includes(person) || barred.includes(person));
  return {
    steps: [...takeOut(way, leaving), ...bar(way, barred)],
    warnings: [
      ...sure.map((one) =>
        last !== undefined && one.people.includes(last)
          ? `The policy “${policy.name}” names nobody else and must not become empty: ${nameOf(last)} stays in it, and an exclude rule bars them.`
          : `${capital(one.because)} would still let ${namesOf(one.people)} in by the policy “${policy.name}” (${way.opens}), so an exclude rule bars them.`,
      ),
      ...cautions(way, changed),
      ...admitted.filter(({ isSure }) => !isSure).map((one) => checkByHand(way, one)),
    ],
  };
}

function isAbout(people: readonly Person[]): (rule: Policy['include'][number]) => boolean {
  const emails = new Set(people.map(({ email }) => email));
  return (rule) => rule.kind === 'email' && emails.has(foldAddress(rule.email));
}

function takeOut({ policy, opens }: WayIn, people: readonly Person[]): PlannedStep[] {
  if (people.length === 0) return [];
  const emails = people.map(({ email }) => email);
  const where = { policy: policy.ref, policyName: policy.name, opens };
  const shown = {
    change: counted(emailRules(policy.include).length, 'person', -people.length),
    ...itemsOf(people.map(nameOf)),
  };
  return [policyEmails.with({ ...where, part: 'include', present: false, emails }, shown)];
}

/** The e-mail lists that let people in; one that keeps people out somewhere too is left as it is. */
function listsRead(ways: readonly WayIn[], { emailLists }: Snapshot): AccessList[] {
  const idsIn = (part: 'include' | 'exclude'): Set<string> =>
    new Set(
      ways.flatMap(({ policy }) => policy[part].flatMap((rule) => (rule.kind === 'email-list' ? [rule.listId] : []))),
    );
  const [included, excluded] = [idsIn('include'), idsIn('exclude')];
  return emailLists.filter(({ id }) => included.has(id) && !excluded.has(id));
}

function strike(list: AccessList, people: readonly Person[]): PlannedStep[] {
  const names = new Map(people.map((person) => [person.email, nameOf(person)]));
  const entries = list.items.filter(({ value }) => names.has(foldAddress(value)));
  if (entries.length === 0) return [];
  const args = { listId: list.id, listName: list.name, what: 'address' as const, present: false, items: entries };
  const shown = {
    change: counted(list.items.length, 'address', -entries.length),
    ...itemsOf(entries.map(({ value }) => `${value} (${names.get(foldAddress(value))})`)),
  };
  return [listItems.with({ ...args, items: [...entries] }, shown)];
}

/** How rules read once these people are off the lists. */
function withoutEntries(lists: readonly AccessList[], people: readonly Person[], snapshot: Snapshot): RuleContext {
  const theirs = new Set(people.map(({ email }) => email));
  const emailLists = snapshot.emailLists.map((list) =>
    lists.includes(list) ? { ...list, items: list.items.filter(({ value }) => !theirs.has(foldAddress(value))) } : list,
  );
  return ruleContext({ ...snapshot, emailLists });
}
