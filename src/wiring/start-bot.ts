import { App } from '@slack/bolt';
import { actions } from '../actions/registry.ts';
import type { Desk } from '../commands/desk.ts';
import { listen } from '../commands/listen.ts';
import { createAsk } from '../core/ask.ts';
import { createDecide } from '../core/decide.ts';
import { webClientOptions } from '../slack/client.ts';
import { createHttpReceiver, createSocketReceiver } from '../slack/receiver.ts';
import type { Findings } from './check-start.ts';
import type { Common, Surroundings } from './common.ts';
import { createProbes } from './create-probes.ts';
import { createHealth } from '../core/health.ts';
import { slackLogger } from './logger.ts';

/** The Slack side: hears commands and presses, and answers them. */
export async function startBot(
  { config, log, clock }: Surroundings,
  common: Common,
  findings: Findings,
): Promise<{ readonly listening: unknown; stop(): Promise<void> }> {
  const { store, directory, cloudflare, settings } = common;
  const logger = slackLogger(log);
  const { slack } = config;
  const app = new App({
    token: slack.botToken.reveal(),
    receiver:
      slack.mode === 'socket'
        ? createSocketReceiver({
            appToken: slack.appToken.reveal(),
            connections: slack.connections,
            apiUrl: slack.apiUrl,
            logger,
          })
        : createHttpReceiver({ signingSecret: slack.signingSecret.reveal(), port: slack.port, logger }),
    logger,
    clientOptions: webClientOptions('interactive', { apiUrl: slack.apiUrl, logger }),
    // Otherwise the constructor asks Slack, and a bad token ends the process as an unhandled rejection.
    deferInitialization: true,
  });
  await app.init();

  const desk: Desk = {
    actions,
    store,
    directory,
    clock,
    ask: createAsk({ actions, store, cloudflare, directory, clock, settings }),
    decide: createDecide({ store, directory, clock, settings }),
    health: createHealth(createProbes({ config, common, client: app.client })),
    teamId: findings.teamId,
    forgetPeople: () => directory.invalidate(),
    onBug: (error, reference) => log.error({ reference, err: error }, 'A command broke'),
  };
  listen(app, desk);
  app.error(async (error) => log.error({ err: error.original ?? error }, 'A listener failed'));
  const listening: unknown = await app.start();
  return { listening, stop: async () => void (await app.stop()) };
}
