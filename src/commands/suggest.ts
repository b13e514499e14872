import type { BlockSuggestion } from '@slack/bolt';
import { fieldsOf, type EnrolledDevice } from '../core/fields.ts';
import { SUGGESTED } from '../slack/ids.ts';
import { readMetadata } from '../slack/read-form.ts';
import { deviceId, deviceOptions, personOptions, type Suggestions } from '../slack/suggestions.ts';
import type { Desk } from './desk.ts';
import { recognise } from './identify.ts';
import { inTime } from './in-time.ts';

/** Slack waits 3 s for what a picker offers, and shows an error if nothing comes. */
const ANSWER_WITHIN_MS = 2_300;
/** What one source may take, so that the others are shown without it. */
const SOURCE_WITHIN_MS = 1_900;
/** Fewer letters would match half of the account. */
const LEAST_LETTERS = 2;

const NOTHING: Suggestions = { options: [] };

/** What a picker offers for what was typed into it. What can't be read in time is left out: this never throws. */
export async function suggest(desk: Desk, body: BlockSuggestion): Promise<Suggestions> {
  return inTime(offer(desk, body), NOTHING, ANSWER_WITHIN_MS);
}

async function offer(desk: Desk, body: BlockSuggestion): Promise<Suggestions> {
  const who = { userId: body.user.id, teamId: body.user.team_id ?? body.team?.id ?? '' };
  const { actor, refusal } = await recognise(desk, who);
  if (refusal !== undefined) return NOTHING;
  const query = body.value.trim();
  const kind = kindOf(desk, body);
  if (kind === 'insider') return personOptions(await desk.offers.insiders(actor.slackId), query);
  if (kind !== 'enrolled-device') return NOTHING;
  return offerDevices(desk, { userId: actor.slackId, email: actor.email?.toLowerCase() }, query);
}

function kindOf({ actions }: Desk, { action_id: id, view }: BlockSuggestion): string | undefined {
  const key = SUGGESTED.exec(id)?.[1];
  if (view === undefined || key === undefined) return undefined;
  const { action: actionId } = readMetadata(view.private_metadata);
  const action = actions.find((one) => one.id === actionId);
  return action && fieldsOf(action.input).find((field) => field.key === key)?.field;
}

/** One's own; and with a few letters those of others: whoever finds a colleague's laptop gone may report it. */
async function offerDevices(
  { offers }: Desk,
  { userId, email }: { readonly userId: string; readonly email: string | undefined },
  query: string,
): Promise<Suggestions> {
  const isSearch = query.length >= LEAST_LETTERS;
  const none: EnrolledDevice[] = [];
  const [{ own, registered }, matching] = await Promise.all([
    email === undefined
      ? { own: none, registered: none }
      : soon(offers.devices(userId, email), { own: none, registered: none }),
    isSearch ? soon(offers.devicesMatching(query), none) : none,
  ]);
  const others = isSearch ? besides(own, [...matching, ...registered]) : none;
  const options = deviceOptions(own, others, query);
  const shown = new Set(valuesOf(options));
  // Before they are shown: what is picked is looked up here.
  await offers.remember(
    userId,
    [...own, ...others].filter((device) => shown.has(deviceId(device) ?? '')),
  );
  return options;
}

/** Each once: a registered serial number is that of a connected device too. */
function besides(own: readonly EnrolledDevice[], others: readonly EnrolledDevice[]): EnrolledDevice[] {
  const ids = new Set(own.map(deviceId));
  const serials = new Set(own.flatMap(({ serial }) => serial ?? []));
  return others.filter((device) => {
    const id = deviceId(device);
    const isKnown = ids.has(id) || (device.id === undefined && serials.has(device.serial ?? ''));
    ids.add(id);
    if (device.serial !== undefined) serials.add(device.serial);
    return !isKnown;
  });
}

function valuesOf(suggestions: Suggestions): string[] {
  const options =
    'options' in suggestions ? suggestions.options : suggestions.option_groups.flatMap((group) => group.options);
  return options.flatMap(({ value }) => value ?? []);
}

function soon<T>(reading: Promise<T>, otherwise: T): Promise<T> {
  return inTime(reading, otherwise, SOURCE_WITHIN_MS);
}
