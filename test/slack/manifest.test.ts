import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { fixedPart } from '../../src/core/fields.ts';
import { ids } from '../../src/slack/ids.ts';
import { renderManifest } from '../../src/slack/manifest.ts';
import { anAction } from '../builders/an-action.ts';
import { aRestart } from '../builders/quick-actions.ts';

const rendered = renderManifest([anAction(), anAction({ id: 'export' })]);
const manifest: unknown = parse(rendered);
const WORDS = 'whoami|otp|tunnel|logs|audit|requests|panel|status|help';

describe('the manifest', () => {
  it('names the actions in the hint of the command', () => {
    expect(manifest).toMatchObject({
      features: {
        slash_commands: [
          {
            command: '/ocs-access',
            usage_hint: '[add|export|whoami|otp|tunnel|logs|audit|requests|panel|status|help]',
            should_escape: true,
          },
        ],
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
            'files:read',
            'files:write',
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
        event_subscriptions: { bot_events: ['subteam_members_changed', 'user_change', 'app_home_opened'] },
      },
    });
  });

  it('has a Home tab, and a shortcut for lost devices that works anywhere', () => {
    expect(manifest).toMatchObject({
      features: {
        app_home: { home_tab_enabled: true },
        shortcuts: [{ name: 'Report a lost device', type: 'global', callback_id: ids.lostShortcut }],
      },
    });
  });

  it('names no variant of an action, nor what only a message can open', () => {
    const restore = { ...anAction({ id: 'restore' }), input: z.object({ incident: fixedPart(z.string()) }) };
    const hint: unknown = parse(renderManifest([anAction(), anAction({ id: 'add-many', variantOf: 'add' }), restore]));

    expect(hint).toMatchObject({ features: { slash_commands: [{ usage_hint: `[add|${WORDS}]` }] } });
  });

  it('names an action by its command, also where a message may give it a part that nobody types', () => {
    const hint: unknown = parse(renderManifest([anAction(), aRestart()]));

    expect(hint).toMatchObject({ features: { slash_commands: [{ usage_hint: `[add|engine restart|${WORDS}]` }] } });
  });

  it('survives an action with odd characters in its name', () => {
    const odd: unknown = parse(renderManifest([anAction({ id: 'a"b\\c: #d' })]));

    expect(odd).toMatchObject({
      features: { slash_commands: [{ usage_hint: `[a"b\\c: #d|${WORDS}]` }] },
    });
  });
});
