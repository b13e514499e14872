// The compiled program without its check that Redis keeps what it is given. Arguments: the parts, bot and worker.
// Prints "ready" when it is connected to Slack.
import { loadConfig } from '../../../dist/config.js';
import { createLogger } from '../../../dist/wiring/logger.js';
import { startHouse } from '../../../dist/wiring/start-house.js';

const config = loadConfig();
const log = createLogger(config.logLevel);
const parts = process.argv.slice(2);
await startHouse({ config, log, clock: { now: Date.now }, parts, allowVolatileRedis: true });
process.stdout.write('ready\n');
