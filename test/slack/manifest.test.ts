import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderManifest } from '../../src/slack/manifest.ts';
import { anAction } from '../builders/an-action.ts';

const rendered = renderManifest([anAction(), anAction({ id: 'export' })]);
const manifest: unknown = parse(rendered);

describe('the manifest', () => {
  it('names the actions in the hint of the command', () => {
    expect(manifest).toMatchObject({
      features: {
        slash_commands: [{ command: '/ocs-access', usage_hint: '[add|export|status|help]', should_escape: true }],
      },
    });
  });

  it('asks for the permissions that are used, each with its reason', () => {
    expect(manifest).toMatchObject({
      oauth_config: {
        scopes: {
          bot: [
            'commands',
            'chat:write',
            'im:write',
            'users:read',
            'users:read.email',
            'usergroups:read',
            'channels:read',
            'groups:read',
          ],
        },
      },
    });
    expect(rendered).toMatch(/# find the address that access is given to\n\s+- "users:read.email"/);
  });

  it('connects from the inside and hears of changes in the team', () => {
    expect(manifest).toMatchObject({
      settings: {
        socket_mode_enabled: true,
        event_subscriptions: { bot_events: ['subteam_members_changed', 'user_change'] },
      },
    });
  });

  it('survives an action with odd characters in its name', () => {
    const odd: unknown = parse(renderManifest([anAction({ id: 'a"b\\c: #d' })]));

    expect(odd).toMatchObject({ features: { slash_commands: [{ usage_hint: '[a"b\\c: #d|status|help]' }] } });
  });
});
