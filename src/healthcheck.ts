import { isAlive } from './wiring/heartbeat.ts';

// The health check of the image: a small program of its own, because it starts every half minute.
process.exitCode = isAlive(Date.now()) ? 0 : 1;
