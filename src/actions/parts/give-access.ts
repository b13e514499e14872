import type { PlanFacts } from '../../core/action.ts';
import { UserError } from '../../core/errors.ts';
import { nameOf, type Person } from '../../core/person.ts';
import type { Plan, PlannedStep } from '../../core/plan.ts';
import { keepOpen } from '../../steps/keep-open.ts';
import { sendWelcome } from '../../steps/send-welcome.ts';
import { letEnrol, letIn } from './admit-person.ts';
import { isAdmittedToApp, isAdmittedToEnrol, isBarred, isNamed, type Doors } from './doors.ts';
import { changesEnd, setEnds, stayOf } from './end-date.ts';
import { peopleOf, type Entrant } from './entrant.ts';
import { barOf, liftBars } from './lift-bars.ts';
import { itemsOf, together } from './part.ts';
import { registerSerials, serialProblem } from './register-serial.ts';

/** Why this one can’t be given access, or need not; undefined if they can. */
export function refusalOf(
  entrant: Entrant,
  until: number | undefined,
  doors: Doors,
  facts: PlanFacts,
): UserError | undefined {
  const bar = barOf(entrant.person, doors);
  if (bar !== undefined) return new UserError(bar, { code: 'person-barred', field: 'person.email' });
  const taken = serialProblem(entrant, doors);
  if (taken !== undefined) return new UserError(taken, { code: 'serial-taken', field: 'device.serial' });
  if (changesEnd(entrant.person, until, doors, facts) || gains(entrant, doors)) return undefined;
  const ends = setEnds([entrant.person], until, doors, facts);
  const because = [
    `${nameOf(entrant.person)} has access with this device already: there is nothing to do.`,
    ...ends.warnings,
  ];
  return new UserError(because.join(' '), { code: 'nothing-to-do', field: 'person.email' });
}

/**
 * Serials, the right to enrol and the end date first, the doors after them, the messages last. The entrants are those
 * whom `refusalOf` lets pass, each serial once.
 */
export function planAccess(
  entrants: readonly Entrant[],
  until: number | undefined,
  doors: Doors,
  facts: PlanFacts,
): Plan {
  const people = peopleOf(entrants);
  const registered = registerSerials(entrants, doors);
  const enrolled = letEnrol(entrants, doors);
  const ends = setEnds(people, until, doors, facts);
  const lifted = liftBars(people, doors.snapshot);
  const admitted = letIn(entrants, doors);
  const welcomes = welcomeAll(
    peopleOf(entrants.filter((entrant) => gains(entrant, doors))),
    doors.snapshot.teamName,
    facts,
  );
  const first = together(registered, enrolled, ends);
  const doorsOpen = together(lifted, admitted);
  const warned = together(lifted, ends, registered, enrolled, admitted);
  return {
    stages: [[...first.steps], [...doorsOpen.steps], welcomes, keptOpen(people, until, facts)].filter(
      (stage) => stage.length > 0,
    ),
    warnings: [...warned.warnings],
  };
}

/** No end is the latest one: it wins over an end that another request sets between this plan and its run. */
function keptOpen(people: readonly Person[], until: number | undefined, facts: PlanFacts): PlannedStep[] {
  if (until !== undefined) return [];
  const open = people.filter(({ email }) => stayOf(email, facts) === undefined);
  return open.length === 0 ? [] : [keepOpen.with({ people: open }, { already: true })];
}

/** Whether anything but the end date changes for them. */
function gains({ person: { email }, serial }: Entrant, doors: Doors): boolean {
  const { app, enrolment, snapshot, serials } = doors;
  const isNewDevice = serial !== undefined && snapshot.posture !== undefined && !serials.has(serial);
  const mayEnrol = enrolment === undefined || isNamed(enrolment, email) || isAdmittedToEnrol(email, doors);
  const mayEnter = isNamed(app, email) || isAdmittedToApp(email, doors);
  return isNewDevice || !mayEnrol || !mayEnter || isBarred(email, doors);
}

/** Everybody in Slack by a message of their own; of the others the requester gets one, to pass on. */
function welcomeAll(people: readonly Person[], teamName: string, facts: PlanFacts): PlannedStep[] {
  const outside = people.filter(({ slackId }) => slackId === undefined);
  if (outside.length < 2) return people.map((person) => welcome(person, teamName, facts, false));
  const emails = outside.map(({ email }) => email);
  const passOn = sendWelcome.with(
    {
      slackId: facts.requester.slackId,
      isForReader: false,
      email: '',
      name: `${outside.length} people`,
      teamName,
      appUrl: facts.appUrl,
      isReplacement: false,
      emails,
    },
    itemsOf(emails),
  );
  const inSlack = people.filter(({ slackId }) => slackId !== undefined);
  return [...inSlack.map((person) => welcome(person, teamName, facts, false)), passOn];
}

/** The steps to sign in, by a message to them; to the requester, to pass on, if they are not in Slack. */
export function welcome(person: Person, teamName: string, facts: PlanFacts, isReplacement: boolean): PlannedStep {
  return sendWelcome.with({
    slackId: person.slackId ?? facts.requester.slackId,
    isForReader: person.slackId !== undefined,
    email: person.email,
    name: nameOf(person),
    teamName,
    appUrl: facts.appUrl,
    isReplacement,
  });
}
