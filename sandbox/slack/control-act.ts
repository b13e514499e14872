import type { ControlDeps } from './control.ts';
import type { Given } from './form-state.ts';
import { asText, textsOf, type Json, type JsonObject } from './json.ts';
import type { Person } from './person.ts';
import type { Target } from './person-hands.ts';
import type { Message } from './snapshots.ts';

type Act = (person: Person, body: JsonObject, deps: ControlDeps) => Promise<unknown>;

/** What a person can do over HTTP; the fields are those of the same deeds in `Person`. */
const acts: Record<string, Act> = {
  types: (person, body) =>
    person.types(asText(body['text']), {
      ...(body['channel'] !== undefined && { channel: asText(body['channel']) }),
      inThread: body['inThread'] === true,
    }),
  says: async (person, body) =>
    person.says(asText(body['text']), body['channel'] === undefined ? {} : { channel: asText(body['channel']) }),
  sets: (person, body, deps) =>
    person.sets(asText(body['what']), givenOf(body['value']), { in: targetOf(person, body, deps) }),
  attaches: (person, body) =>
    person.attaches(asText(body['what']), { name: asText(body['name']), text: asText(body['text']) }),
  suggestions: (person, body, deps) =>
    person.suggestions(asText(body['what']), asText(body['query']), { in: targetOf(person, body, deps) }),
  clicks: (person, body, deps) =>
    person.clicks(targetOf(person, body, deps), asText(body['what']), { confirm: body['confirm'] !== false }),
  submits: (person) => person.submits(),
  closes: (person, body) => person.closes({ all: body['all'] === true }),
  home: (person) => person.opensHome(),
  shortcut: (person, body, deps) => {
    const callbackId = asText(body['callbackId']);
    if (body['ts'] === undefined) return person.runsShortcut(callbackId);
    return person.runsShortcut(callbackId, { message: messageAt(person, body, deps) });
  },
};

/** `{ person, act, ... }`; a message is named by `channel` (or `dm: true`, or `ephemeral: true`) and `ts`. */
export async function actFor(deps: ControlDeps, body: JsonObject): Promise<unknown> {
  const name = asText(body['act']);
  const act = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (act === undefined) throw new Error(`no act "${name}"; there is: ${Object.keys(acts).join(', ')}`);
  return act(deps.as(asText(body['person'])), body, deps);
}

function givenOf(value: Json | undefined): Given {
  if (Array.isArray(value)) return textsOf(value);
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

function targetOf(person: Person, body: JsonObject, deps: ControlDeps): Target {
  if (body['ts'] !== undefined) return messageAt(person, body, deps);
  return body['in'] === 'home' ? 'home' : 'modal';
}

function messageAt(person: Person, body: JsonObject, { messages, dms }: ControlDeps): Message {
  const there = () => (body['dm'] === true ? dms(person.id) : messages(asText(body['channel'])));
  const all = body['ephemeral'] === true ? person.ephemerals() : there();
  const found = all.flatMap((one) => [one, ...one.replies]).find((one) => one.ts === body['ts']);
  if (found === undefined) throw new Error(`no message ${asText(body['ts'])} there`);
  return found;
}
