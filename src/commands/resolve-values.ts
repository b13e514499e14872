import type { Action } from '../core/action.ts';
import type { Member } from '../core/approval.ts';
import { UserError } from '../core/errors.ts';
import { DeviceValue, fieldsOf, PersonValue, type FormValues } from '../core/fields.ts';
import { EmailAddress, type Person } from '../core/person.ts';
import type { Directory } from '../core/ports.ts';
import { blockOfField } from '../slack/read-form.ts';

/** What can be judged without asking anybody: a map of block ids to sentences, empty if nothing is wrong. */
export function checkValues(action: Action, values: FormValues, only?: readonly string[]): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const { key, field, optional } of fieldsOf(action.input)) {
    if (only !== undefined && !only.includes(key)) continue;
    const value = values[key];
    if (field === 'person') Object.assign(problems, checkPerson(key, asPerson(value), optional));
    else {
      const parsed = action.input.shape[key]?.safeParse(toInput(field, value));
      const issue = parsed?.success === false ? parsed.error.issues[0] : undefined;
      if (issue !== undefined) problems[blockOfField(action, [key, ...issue.path], only)] = issue.message;
    }
  }
  return problems;
}

/** The form's values as the action's input: people are looked up, the rest is passed on for the action's schema to parse. */
export async function resolveValues(
  action: Action,
  values: FormValues,
  directory: Directory,
): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  for (const { key, field, optional } of fieldsOf(action.input)) {
    const value = values[key];
    if (optional && (value === undefined || value === '')) continue;
    input[key] = field === 'person' ? await resolvePerson(key, asPerson(value), directory) : toInput(field, value);
  }
  return input;
}

/** A device as the form gives it, as the schema takes it. */
export function toInput(field: 'device' | 'text', value: FormValues[string]): unknown {
  if (field === 'text') return typeof value === 'string' ? value : '';
  const { platform, serial, ask } = asDevice(value);
  return ask === true
    ? { kind: 'ask' }
    : { kind: 'typed', ...(platform === undefined ? {} : { platform }), serial: serial ?? '' };
}

function checkPerson(key: string, { slackId, email }: PersonValue, optional: boolean): Record<string, string> {
  if (slackId === undefined && email === undefined) {
    return optional ? {} : { [`${key}.slackId`]: 'Pick a colleague here, or type an e-mail address below.' };
  }
  if (slackId !== undefined && email !== undefined) {
    return { [`${key}.email`]: 'Pick a colleague or type an address, not both.' };
  }
  const parsed = EmailAddress.safeParse(email ?? 'in-slack@example.org');
  return parsed.success
    ? {}
    : { [`${key}.email`]: 'That is not an e-mail address. The valid form is name@organisation.org.' };
}

async function resolvePerson(key: string, { slackId, email }: PersonValue, directory: Directory): Promise<Person> {
  if (slackId === undefined) return byAddress(EmailAddress.parse(email), directory);
  const { actor, member } = await directory.find(slackId);
  const field = `${key}.slackId`;
  if (member.standing === 'bot')
    throw new UserError(`${actor.name} is a bot. Pick a person.`, { code: 'is-bot', field });
  if (member.standing === 'deactivated') {
    throw new UserError(`${actor.name}’s Slack account is deactivated. Pick somebody else.`, {
      code: 'is-deactivated',
      field,
    });
  }
  if (actor.email === undefined) {
    throw new UserError(`Slack shows no e-mail address for ${actor.name}. Type their address below instead.`, {
      code: 'no-address',
      field,
    });
  }
  return asReachable({ email: EmailAddress.parse(actor.email), name: actor.name, slackId }, member);
}

async function byAddress(email: string, directory: Directory): Promise<Person> {
  const known = await directory.byEmail(email);
  if (known === undefined) return { email };
  const { member } = await directory.find(known.slackId);
  return asReachable(known, member);
}

/** Guests and people of other workspaces get access like somebody outside Slack: the requester passes the steps on. */
function asReachable({ slackId, ...person }: Person, member: Member): Person {
  return member.standing === 'member' && slackId !== undefined ? { ...person, slackId } : person;
}

function asPerson(value: FormValues[string]): PersonValue {
  const parsed = PersonValue.safeParse(value);
  return parsed.success ? parsed.data : {};
}

function asDevice(value: FormValues[string]): DeviceValue {
  const parsed = DeviceValue.safeParse(value);
  return parsed.success ? parsed.data : {};
}
