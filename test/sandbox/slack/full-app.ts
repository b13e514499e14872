import { lanternHealth } from '../../../sandbox/slack/seed.ts';
import { startSlack, type Slack, type SlackOptions } from '../../../sandbox/slack/start-slack.ts';

/** A workspace whose app has every permission, event and shortcut that the simulator knows; ours asks for fewer. */
export function startSlackWithFullApp(options: SlackOptions = {}): Promise<Slack> {
  const app = {
    scopes: [...lanternHealth.app.scopes],
    shortcuts: [
      { callbackId: 'lost_device_global', type: 'global' as const, name: 'Report a lost device' },
      { callbackId: 'diagnose_message', type: 'message' as const, name: 'Diagnose this' },
    ],
    events: [...lanternHealth.app.events, 'team_join', 'app_uninstalled', 'tokens_revoked'],
  };
  return startSlack({ ...options, seed: { ...options.seed, app: { ...app, ...options.seed?.app } } });
}
