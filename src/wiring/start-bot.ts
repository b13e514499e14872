import { App } from '@slack/bolt';
import { actions } from '../actions/registry.ts';
import type { Desk } from '../commands/desk.ts';
import { listen } from '../commands/listen.ts';
import { createOffers } from '../commands/offers.ts';
import { createAsk } from '../core/ask.ts';
import { createDecide } from '../core/decide.ts';
import { askedDigest } from '../core/digest/asked-digest.ts';
import { isKnownError } from '../core/errors.ts';
import { createHealth } from '../core/health.ts';
import { webClientOptions } from '../slack/client.ts';
import { createDms } from '../slack/dm.ts';
import { readFile } from '../slack/read-file.ts';
import { readMembers } from '../slack/read-members.ts';
import { sendFile } from '../slack/send-file.ts';
import { asOurs, slackCode } from '../slack/translate-error.ts';
import { createHttpReceiver, createSocketReceiver } from '../slack/receiver.ts';
import { StartError, type Findings } from './check-start.ts';
import type { Foundation } from './foundation.ts';
import type { Surroundings } from './from-config.ts';
import { createProbes } from './create-probes.ts';
import { slackLogger } from './logger.ts';

/** The Slack side: hears commands and presses, and answers them. */
export async function startBot(
  { config, log, clock }: Surroundings,
  foundation: Foundation,
  findings: Findings,
): Promise<{ stop(): Promise<void> }> {
  const { store, stays, locks, directory, cloudflare, server, settings } = foundation;
  const { teamId, channels } = findings;
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
        : createHttpReceiver({
            signingSecret: slack.signingSecret.reveal(),
            port: slack.port,
            host: slack.host,
            logger,
          }),
    logger,
    clientOptions: webClientOptions('interactive', { apiUrl: slack.apiUrl, logger }),
    // Otherwise the constructor asks Slack, and a bad token ends the process as an unhandled rejection.
    deferInitialization: true,
  });
  await app.init();

  const dms = createDms(foundation.slack.bulk, store);
  const desk: Desk = {
    actions,
    store,
    directory,
    stays,
    cloudflare,
    server,
    logs: foundation.logs,
    vault: foundation.vault,
    logRetentionDays: config.logs.retentionDays,
    digestOf: (day) =>
      askedDigest(
        {
          store,
          stays,
          logs: foundation.logs,
          cloudflare,
          clock,
          settings: { timeZone: config.timeZone, retentionDays: config.logs.retentionDays },
        },
        day,
      ),
    sendFile: (slackId, file) => dms.send(slackId, (channel) => sendFile(foundation.slack.bulk, { channel }, file)),
    offers: createOffers({ cloudflare, store }),
    settings,
    clock,
    ask: createAsk({ actions, store, stays, locks, cloudflare, server, directory, clock, settings }),
    decide: createDecide({ store, directory, clock, settings }),
    health: createHealth(createProbes({ config, foundation, client: app.client })),
    teamId,
    securityChannel: channels.security,
    readFile: (fileId) => readFile({ client: foundation.slack.interactive, fetch }, fileId),
    readMembers: (emails) => readMembers({ client: foundation.slack.bulk, teamId }, emails),
    forgetPeople: (slackId) => directory.invalidate(slackId),
    onBug: (error, reference) => log.error({ reference, err: error }, 'A command broke'),
  };
  listen(app, desk);
  app.error(async (error) => log.error({ err: error.original ?? error }, 'A listener failed'));
  await connect(app);
  return { stop: async () => void (await app.stop()) };
}

/** Only here is the app-level token tried, or the port taken. */
async function connect(app: App): Promise<void> {
  try {
    await asOurs(app.start());
  } catch (error) {
    throw new StartError([whyNotConnected(error)]);
  }
}

function whyNotConnected(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'The port in PORT is taken by another program. Choose another one, or stop that program.';
  }
  if (slackCode(error) !== undefined) {
    return `Slack does not let the bot connect (${slackCode(error)}). Put an app-level token with the scope connections:write into SLACK_APP_TOKEN: Slack app settings > Basic Information > App-Level Tokens.`;
  }
  if (isKnownError(error)) return `Slack: ${error.message}`;
  throw error;
}
