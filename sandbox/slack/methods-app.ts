import type { Method } from './method.ts';

export const appMethods: Method[] = [
  {
    name: 'auth.test',
    tier: 'special',
    token: 'bot',
    scopes: [],
    run: ({ workspace }) => ({
      url: `https://${workspace.team.domain}.slack.com/`,
      team: workspace.team.name,
      user: workspace.app.name,
      team_id: workspace.team.id,
      user_id: workspace.app.botUserId,
      bot_id: workspace.app.botId,
      is_enterprise_install: false,
    }),
  },
  {
    name: 'apps.connections.open',
    tier: 1,
    token: 'app',
    scopes: [],
    run: ({ inviteSocket }) => ({ url: inviteSocket() }),
  },
];
