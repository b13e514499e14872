import { runProcess } from './wiring/run-process.ts';

await runProcess(['bot']);
