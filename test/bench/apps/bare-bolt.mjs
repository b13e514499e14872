// The least that Bolt can do: acknowledge, on as many Socket Mode connections as the bot has. Prints "ready".
import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';

const { SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken, SLACK_API_URL: slackApiUrl } = process.env;
const sockets = Array.from(
  { length: Number(process.env.SOCKET_CONNECTIONS) },
  () =>
    new SocketModeReceiver({
      appToken,
      logLevel: LogLevel.ERROR,
      installerOptions: { clientOptions: { slackApiUrl } },
    }),
);
const app = new App({
  token,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl },
  deferInitialization: true,
  receiver: {
    init: (bolt) => sockets.forEach((socket) => socket.init(bolt)),
    start: () => Promise.all(sockets.map((socket) => socket.start())),
    stop: () => Promise.all(sockets.map((socket) => socket.stop())),
  },
});
await app.init();
app.command('/ocs-access', ({ ack }) => ack());
app.action(/^open:/, ({ ack }) => ack());
await app.start();
process.stdout.write('ready\n');
