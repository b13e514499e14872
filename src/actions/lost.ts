import { z } from 'zod';
import { defineAction, type PlanFacts } from '../core/action.ts';
import { foldAddress } from '../core/address.ts';
import { foldSerial, usersOf } from '../core/belongings.ts';
import { deviceWord, enrolledDeviceField, textField, type EnrolledDevice } from '../core/fields.ts';
import { isSamePerson, nameOf, type Person } from '../core/person.ts';
import type { PlannedStep } from '../core/plan.ts';
import { lastFour } from '../core/serial.ts';
import { requiresPosture, ruleContext, type Snapshot } from '../core/snapshot.ts';
import { waysIn, type WayIn } from '../core/ways-in.ts';
import { cutOff } from '../steps/cut-off.ts';
import { removeDevices } from '../steps/remove-devices.ts';
import { reportEvents } from '../steps/report-events.ts';
import { revokeSessions } from '../steps/revoke-sessions.ts';
import { tellOwner } from '../steps/tell-owner.ts';
import { watchAttempts } from '../steps/watch-attempts.ts';
import { admittedByRule, bar, cautions, checkByHand } from './parts/bar.ts';
import { sentenceList, together, type Part } from './parts/part.ts';
import { strikeSerial } from './parts/strike-serial.ts';

/** How far back the log is read for whoever may have used the device since it was lost. */
const LOG_HOURS = 24;

export const lost = defineAction({
  id: 'lost',
  title: 'Report a lost device',
  summary: 'Cut a lost or stolen device off at once, and end the sessions of its owner.',
  usage: '',
  examples: ['lost'],
  effect: 'reduce',
  mayAsk: 'member',
  isUrgent: true,
  approvals: ({ device }, { actor, isApprover, isSystem }) =>
    isApprover || isSystem || isTheirs(device, actor) ? 0 : 1,
  approvalsSay:
    'none for the owner of the device or an approver; 1 if somebody else reports it, and the approvers are called at once',
  submit: 'Cut it off now',
  input: z.object({
    device: enrolledDeviceField({ label: 'Which device?' }),
    reason: textField({ label: 'What happened?', hint: 'Where and when it was last seen, if you know.' }).optional(),
  }),
  describe: ({ device }) => `Cut off ${nameOf(device.owner)}’s ${deviceWord(device)} (${marksOf(device)})`,
  beneficiaries: () => [],
  about: ({ device }) => [device.owner],
  access: () => 'device-lost',
  scope: ({ device }) => ({
    users: [device.owner.email, ...device.others],
    ...(device.id === undefined ? {} : { devices: [device.id] }),
  }),
  plan: ({ device }, snapshot, facts) => {
    const cut = together(strike(device, snapshot), remove(device, snapshot), keepOut(device.owner, snapshot));
    const emails = everybodyOn(device, snapshot);
    const others = emails.filter((email) => email !== device.owner.email);
    const shared =
      others.length === 0
        ? []
        : [
            `${sentenceList(others)} ${others.length === 1 ? 'uses' : 'use'} this device too: their sessions end as well, and they can sign in again with another device.`,
          ];
    return {
      stages: [
        [...cut.steps, ...emails.map((email) => revokeSessions.with({ email }))],
        afterwards(device, emails, snapshot, facts),
      ],
      warnings: [...cut.warnings, ...shared],
    };
  },
});

function isTheirs(
  { owner, others }: EnrolledDevice,
  actor: { readonly slackId: string; readonly email?: string | undefined },
): boolean {
  return isSamePerson(owner, actor) || (actor.email !== undefined && others.includes(foldAddress(actor.email)));
}

/** `ana-laptop, …K0AZ` */
function marksOf({ name, serial }: EnrolledDevice): string {
  if (serial === undefined) return name;
  return foldSerial(name) === foldSerial(serial) ? lastFour(serial) : `${name}, ${lastFour(serial)}`;
}

/** The serial number out of the list that the posture rule reads. */
function strike(device: EnrolledDevice, { posture, devices }: Snapshot): Part {
  const serial = device.serial ?? devices.find(({ id }) => id === device.id)?.serial;
  if (posture === undefined) return { steps: [], warnings: [] };
  const { list } = posture;
  if (serial === undefined) {
    const says = `Cloudflare knows no serial number of this device. If one is registered for it, take it out of the list “${list.name}” by hand.`;
    return { steps: [], warnings: [says] };
  }
  const struck = strikeSerial(serial, list);
  if (struck === undefined) {
    return {
      steps: [],
      warnings: [`Its serial number ${serial} is not in the list “${list.name}”, so there is none to take out.`],
    };
  }
  return { steps: [struck.step], warnings: [] };
}

function remove({ id, name, serial }: EnrolledDevice, { devices }: Snapshot): Part {
  if (id === undefined) return { steps: [], warnings: [] };
  if (!devices.some((device) => device.id === id)) {
    return {
      steps: [],
      warnings: [`The device “${name}” was gone from Cloudflare already. The sessions end all the same.`],
    };
  }
  const device = { id, name, ...(serial === undefined ? {} : { serial }) };
  return { steps: [removeDevices.with({ devices: [device] })], warnings: [] };
}

/** Where a policy asks for no registered device, whoever has this one could enrol it again and come in as its owner. */
function keepOut(owner: Person, snapshot: Snapshot): Part {
  const ruleId = snapshot.posture?.ruleId;
  const open = waysIn({ ...snapshot, enrolment: undefined }).filter(
    ({ policy }) => ruleId === undefined || !requiresPosture(policy, ruleId),
  );
  return together(...open.map((way) => barOwner(way, owner, snapshot)));
}

function barOwner(way: WayIn, owner: Person, snapshot: Snapshot): Part {
  const admitted = admittedByRule(way, [owner], ruleContext(snapshot));
  const [sure] = admitted.filter(({ isSure }) => isSure);
  const name = nameOf(owner);
  const unsure = admitted.filter(({ isSure }) => !isSure).map((one) => checkByHand(way, one));
  if (sure === undefined) return { steps: [], warnings: unsure };
  const says = `The policy “${way.policy.name}” asks for no known device, so a serial number alone keeps nobody out: ${name} is barred from ${way.opens} by an exclude rule until an approver lifts it.`;
  return { steps: bar(way, [owner]), warnings: [says, ...cautions(way, [owner])] };
}

/** The owner first, and all who can be on the device. */
function everybodyOn({ id, owner, others }: EnrolledDevice, { devices }: Snapshot): string[] {
  const now = devices.filter((device) => device.id === id).flatMap(usersOf);
  return [...new Set([owner.email, ...others, ...now])];
}

function afterwards(
  { owner }: EnrolledDevice,
  emails: readonly string[],
  { users }: Snapshot,
  { requester }: PlanFacts,
): PlannedStep[] {
  const cuts = emails.map((email) => {
    const user = users.find((one) => one.email === email);
    return cutOff.with({ email, ...(user === undefined ? {} : { userId: user.id }) });
  });
  const told =
    owner.slackId === undefined || owner.slackId === requester.slackId
      ? []
      : [tellOwner.with({ slackId: owner.slackId })];
  return [
    ...emails.map((email) => reportEvents.with({ email, hours: LOG_HOURS })),
    ...cuts,
    ...told,
    watchAttempts.with({ emails: [...emails] }),
  ];
}
