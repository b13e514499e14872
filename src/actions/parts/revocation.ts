import type { PlanFacts } from '../../core/action.ts';
import { belongingsOf, type Belongings } from '../../core/belongings.ts';
import { nameOf, type Person } from '../../core/person.ts';
import type { Plan, PlannedStep } from '../../core/plan.ts';
import { lastFour, ownerOf } from '../../core/serial.ts';
import { requiresPosture, ruleContext, type AccessUser, type Snapshot } from '../../core/snapshot.ts';
import { mayEnter, waysIn } from '../../core/ways-in.ts';
import { clearEnd } from '../../steps/clear-end.ts';
import { endRegistrations } from '../../steps/end-registrations.ts';
import { freeSeats } from '../../steps/free-seats.ts';
import { listItems } from '../../steps/list-items.ts';
import { proveOut } from '../../steps/prove-out.ts';
import { removeDevices } from '../../steps/remove-devices.ts';
import { revokeSessions } from '../../steps/revoke-sessions.ts';
import { watchAttempts } from '../../steps/watch-attempts.ts';
import { counted, itemsOf, namesOf, sentenceList, together, type Part } from './part.ts';
import { shutOut } from './shut-out.ts';

/** `devices`: they keep the right to come in, with another device. */
export type Scope = 'everything' | 'devices';

/**
 * Rules and serial numbers go first, so that what is ended after them can't come back; then devices and sessions; then what
 * they leave behind; the proof last.
 */
export function revocationOf(
  people: readonly Person[],
  scope: Scope,
  snapshot: Snapshot,
  facts: PlanFacts,
): Pick<Plan, 'stages' | 'warnings'> {
  const emails = people.map(({ email }) => email);
  const own = belongingsOf(emails, snapshot);
  const closed =
    scope === 'everything' ? shutOut(people, snapshot) : { steps: [], warnings: canComeBack(people, snapshot) };
  const rules = together(closed, strikeSerials(people, own, snapshot));
  const devices = own.devices.map(({ id, name, serial }) => ({
    id,
    name,
    ...(serial === undefined ? {} : { serial }),
  }));
  const ended = [
    ...(devices.length === 0
      ? []
      : [
          removeDevices.with(
            { devices },
            itemsOf(own.devices.map(({ name, emails: users }) => `${name} (${users.toSorted().join(', ')})`)),
          ),
        ]),
    endRegistrations.with({ emails }, itemsOf(people.map(nameOf))),
    ...emails.map((email) => revokeSessions.with({ email })),
  ];
  const after = scope === 'everything' ? leftBehind(people, snapshot, facts) : [];
  const keepSerials = own.sharedSerials.map(({ thing }) => thing.value);
  const proof = proveOut.with({
    people: people.map(bare),
    scope,
    ...(keepSerials.length === 0 ? {} : { keepSerials }),
  });
  return {
    stages: [[...rules.steps], ended, after, [proof]].filter((stage) => stage.length > 0),
    warnings: [...rules.warnings, ...sharedDevices(own)],
  };
}

/** Whether there is anything of theirs to end. */
export function hasSomething(person: Person, scope: Scope, snapshot: Snapshot): boolean {
  const { email } = person;
  const hasDevice = snapshot.devices.some(({ registrations }) => registrations.some((one) => one.email === email));
  const hasSerial = snapshot.posture?.list.items.some(({ description }) => ownerOf(description) === email) ?? false;
  if (hasDevice || hasSerial) return true;
  if (scope === 'devices') return false;
  const user = userOf(email, snapshot);
  // Of somebody who never signed in, an unreadable rule says nothing: it would make everybody in the world an insider.
  return user?.hasSeat === true || isNamedOrAdmitted(person, user, snapshot);
}

function isNamedOrAdmitted(person: Person, user: AccessUser | undefined, snapshot: Snapshot): boolean {
  if (shutOut([person], snapshot).steps.length > 0) return true;
  return user !== undefined && mayEnter(waysIn(snapshot), person.email, ruleContext(snapshot));
}

function strikeSerials(people: readonly Person[], { serials, sharedSerials }: Belongings, { posture }: Snapshot): Part {
  if (posture === undefined) return { steps: [], warnings: [] };
  const { list } = posture;
  const warnings = sharedSerials.map(
    ({ thing, others }) =>
      `The serial ${thing.value} stays in the list “${list.name}”: ${sentenceList(others)} ${others.length === 1 ? 'has' : 'have'} it too, and keep${others.length === 1 ? 's' : ''} access.`,
  );
  if (serials.length === 0) return { steps: [], warnings };
  const names = new Map(people.map((person) => [person.email, nameOf(person)]));
  const whose = (description: string): string => names.get(ownerOf(description) ?? '') ?? description;
  const args = { listId: list.id, listName: list.name, what: 'serial' as const, present: false, items: [...serials] };
  const shown = {
    change: counted(list.items.length, 'serial', -serials.length),
    ...itemsOf(serials.map(({ value, description }) => `${value} (${whose(description)})`)),
  };
  return { steps: [listItems.with(args, shown)], warnings };
}

function sharedDevices({ sharedDevices: devices }: Belongings): string[] {
  return devices.map(({ thing: { name, serial }, others }) => {
    const which = serial === undefined ? `“${name}”` : `“${name}” (${lastFour(serial)})`;
    return `The device ${which} stays, because ${sentenceList(others)} ${others.length === 1 ? 'uses' : 'use'} it too.`;
  });
}

function canComeBack(people: readonly Person[], { allow, posture }: Snapshot): string[] {
  const who = namesOf(people);
  const keep = people.length === 1 ? 'keeps' : 'keep';
  if (posture !== undefined && requiresPosture(allow, posture.ruleId)) {
    return [`${who} ${keep} access and can come in again with another registered device.`];
  }
  return [
    `${who} ${keep} access, and the policy “${allow.name}” asks for no known device: a removed device can enrol again by itself and get in.`,
  ];
}

function leftBehind(people: readonly Person[], snapshot: Snapshot, { stays, revokeSeat }: PlanFacts): PlannedStep[] {
  const emails = people.map(({ email }) => email);
  const seated = people.flatMap(({ email }) => {
    const user = userOf(email, snapshot);
    return user?.hasSeat === true && user.seatUid !== undefined ? [{ email, seatUid: user.seatUid }] : [];
  });
  return [
    ...(revokeSeat && seated.length > 0
      ? [freeSeats.with({ people: seated }, itemsOf(seated.map(({ email }) => email)))]
      : []),
    ...stays
      .filter(({ person }) => emails.includes(person.email))
      .map((previous) => clearEnd.with({ email: previous.person.email, previous })),
    watchAttempts.with({ emails }),
  ];
}

function userOf(email: string, { users }: Snapshot): AccessUser | undefined {
  return users.find((user) => user.email === email);
}

/** As the proof names them. */
function bare({ email, name }: Person): Person {
  return name === undefined ? { email } : { email, name };
}
