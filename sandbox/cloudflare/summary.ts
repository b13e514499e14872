import { isObject } from './envelope.ts';
import { isLive } from './people.ts';
import { policiesOf } from './state.ts';
import type { Rule, State } from './state.ts';

const words: Readonly<Record<string, (state: State, id: string) => string>> = {
  email: (_state, email) => email,
  email_domain: (_state, domain) => `everybody @${domain}`,
  email_list: (state, id) => `list "${state.lists.get(id)?.name ?? 'unknown'}"`,
  group: (state, id) => `group "${state.groups.get(id)?.name ?? 'unknown'}"`,
  device_posture: (state, id) => `device check "${state.postureRules.get(id)?.name ?? 'unknown'}"`,
};

function inWords(state: State, rule: Rule): string {
  const [selector = ''] = Object.keys(rule);
  const content = rule[selector];
  const subject = isObject(content) ? Object.values(content)[0] : undefined;
  if (typeof subject !== 'string') return selector;
  return words[selector]?.(state, subject) ?? `${selector} ${subject}`;
}

/** The account for a person to look at: plain words, names instead of ids, newest list items first. */
export function summarise(state: State, now: number) {
  const ago = (ms: number | null): number | null => (ms === null ? null : now - ms);
  return {
    organization: state.organization['name'],
    apps: [...state.apps.values()].map((app) => ({
      id: app.id,
      name: app.body.name,
      type: app.type,
      domain: app.body.domain,
      policies: policiesOf(state, app).map(({ policy }) => ({
        id: policy.id,
        name: policy.body.name,
        decision: policy.body.decision,
        reusable: policy.appId === null,
        include: policy.body.include.map((rule) => inWords(state, rule)),
        require: policy.body.require.map((rule) => inWords(state, rule)),
        exclude: policy.body.exclude.map((rule) => inWords(state, rule)),
      })),
    })),
    lists: [...state.lists.values()].map(({ id, name, type, items }) => ({
      id,
      name,
      type,
      items: items
        .toSorted((a, b) => b.createdAt - a.createdAt)
        .map(({ value, description }) => ({ value, description })),
    })),
    devices: [...state.devices.values()].map((device) => ({
      id: device.id,
      name: device.name,
      serial: device.serial,
      user: state.users.get(device.lastSeenUserId ?? '')?.email ?? null,
      seenMsAgo: ago(device.lastSeenAt),
    })),
    sessions: [...state.users.values()].flatMap((user) =>
      user.sessions
        .filter((session) => isLive(session, now))
        .map(({ appId }) => ({ email: user.email, app: state.apps.get(appId)?.body.name ?? appId })),
    ),
    tunnels: [...state.tunnels.values()]
      .filter((tunnel) => tunnel.deletedAt === null)
      .map(({ name, status }) => ({ name, status })),
  };
}
