import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { type Slack, type SlackOptions } from '../../../sandbox/slack/start-slack.ts';
import { startSlackWithFullApp } from './full-app.ts';

export interface Running {
  slack: Slack;
  app: App;
  stop(): Promise<void>;
}

const quiet = { logLevel: LogLevel.ERROR, deferInitialization: true } as const;
const impatient = { retryConfig: { retries: 0 } };

/** A simulated Slack with the real Bolt connected to it. `listen` adds the listeners before anything starts. */
export async function startBoth(
  mode: 'socket' | 'http',
  listen: (app: App, slack: () => Slack) => void,
  options: SlackOptions = {},
): Promise<Running> {
  const slack = await startSlackWithFullApp({ ...options, delivery: { mode } });
  const clientOptions = { slackApiUrl: slack.apiUrl, ...impatient };
  const common = { token: slack.botToken, clientOptions, ...quiet };
  const { signingSecret } = slack;
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
  const app =
    mode === 'socket'
      ? new App({ ...common, appToken: slack.appToken, socketMode: true })
      : new App({ ...common, receiver });
  listen(app, () => slack);
  await app.init();
  if (mode === 'socket') {
    await app.start();
  } else {
    const server = await receiver.start({ port: 0, host: '127.0.0.1' });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    slack.deliverTo(`http://127.0.0.1:${address.port}/slack/events`);
  }
  return {
    slack,
    app,
    async stop() {
      await app.stop();
      await slack.stop();
    },
  };
}
