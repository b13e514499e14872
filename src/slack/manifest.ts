import type { Action } from '../core/action.ts';
import { fit } from './fit.ts';
import { ids } from './ids.ts';
import { commandOf, listedActions } from './listed-actions.ts';
import { listedWords } from './listed-words.ts';

/** Each permission with the reason that whoever installs the app may ask for. */
const SCOPES: readonly (readonly [scope: string, reason: string])[] = [
  ['commands', 'the command /ocs-access'],
  ['chat:write', 'post and edit requests, outcomes and direct messages'],
  ['im:write', 'open the direct message with whoever asked'],
  ['users:read', 'see who presses a button: member, guest, deactivated, of another workspace'],
  ['users:read.email', 'find the address that access is given to'],
  ['usergroups:read', 'see who the approvers are'],
  ['channels:read', 'check at start that the bot is in its channels, and find them by name'],
  ['groups:read', 'the same for private channels; it sees only those that it is in'],
  ['files:read', 'read the list of people that somebody puts into a form as a file'],
  ['files:write', 'send logs that somebody asks for as a file, and the chart of the digest as a picture'],
];

const EVENTS: readonly (readonly [event: string, reason: string])[] = [
  ['subteam_members_changed', 'notice at once when the approvers change'],
  ['user_change', 'notice at once when somebody is deactivated'],
  ['app_home_opened', 'draw the Home tab for whoever opens it'],
];

/** The app as Slack takes it: the whole of manifest.yml, in YAML. Strings are quoted as in JSON, which YAML reads. */
export function renderManifest(actions: readonly Action[]): string {
  return `# Generated from the actions and src/slack/manifest.ts. Do not edit: run \`npm run docs\`.
# Create the app with it: https://api.slack.com/apps > Create New App > From a manifest.
_metadata:
  major_version: 2
display_information:
  name: OCS Access
  description: ${quoted('Ask for, approve and give access to Open Chat Studio')}
  background_color: ${quoted('#1d3557')}
features:
  app_home:
    home_tab_enabled: true
    messages_tab_enabled: true
    # Commands are typed there too, so it can't be read-only.
    messages_tab_read_only_enabled: false
  bot_user:
    display_name: ocs-access
    always_online: true
  shortcuts:
    - name: ${quoted('Report a lost device')}
      type: global
      callback_id: ${quoted(ids.lostShortcut)}
      description: ${quoted('Cut a lost or stolen device off from Open Chat Studio')}
  slash_commands:
    - command: /ocs-access
      description: ${quoted('Access to Open Chat Studio')}
      usage_hint: ${quoted(usageHint(actions))}
      # Mentions arrive as ids, which nobody can fake by typing a name.
      should_escape: true
oauth_config:
  scopes:
    bot:
${SCOPES.map(listed).join('\n')}
settings:
  event_subscriptions:
    bot_events:
${EVENTS.map(listed).join('\n')}
  interactivity:
    is_enabled: true
  org_deploy_enabled: false
  # No port is open to the internet: the bot connects to Slack.
  socket_mode_enabled: true
  token_rotation_enabled: false
`;
}

/** `[add|tunnel restart|requests|status|help]`; Slack shows at most 1,000 characters. */
function usageHint(actions: readonly Action[]): string {
  const words = [...listedActions(actions).map(commandOf), ...listedWords.map(({ word }) => word), 'help'];
  return fit(`[${words.join('|')}]`, 1000);
}

function listed([name, reason]: readonly [string, string]): string {
  return `      # ${reason}\n      - ${quoted(name)}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
