import { describe, expect, it } from 'vitest';
import { readLogLines } from '../../src/server/log-lines.ts';
import { aDocker, anEngineThat, anInspection, aServer } from '../builders/a-docker.ts';

const OUTPUT = 1;
const ERRORS = 2;

function frame(stream: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

const framed = (...frames: Buffer[]) => readLogLines(Buffer.concat(frames), 20);
const plain = (text: string) => readLogLines(Buffer.from(text), 20);

describe('the lines of a log', () => {
  it('come out of frames, of output and errors as they were written', () => {
    expect(framed(frame(ERRORS, 'INF one\n'), frame(OUTPUT, 'two\n'), frame(ERRORS, 'INF three\n'))).toEqual([
      'INF one',
      'two',
      'INF three',
    ]);
  });

  it('are as they are where the container has a terminal', () => {
    expect(plain('INF one\r\nINF two\r\n')).toEqual(['INF one', 'INF two']);
  });

  it('are whole where one takes several frames, and another stream comes in between', () => {
    expect(framed(frame(ERRORS, 'INF lo'), frame(OUTPUT, 'other\n'), frame(ERRORS, 'ng\n'))).toEqual([
      'other',
      'INF long',
    ]);
  });

  it('are whole where a frame ends inside of a letter', () => {
    const letters = Buffer.from('für dich\n');

    expect(framed(frame(ERRORS, letters.subarray(0, 2)), frame(ERRORS, letters.subarray(2)))).toEqual(['für dich']);
  });

  it('are several where one frame has several', () => {
    expect(framed(frame(ERRORS, 'one\n\n  \ntwo\nthr'))).toEqual(['one', 'two', 'thr']);
  });

  it('are what came, where the last frame was cut off', () => {
    expect(framed(frame(ERRORS, 'one\n'), frame(ERRORS, 'a long line\n').subarray(0, 14))).toEqual(['one', 'a long']);
    expect(framed(frame(ERRORS, 'one\n'), Buffer.from([2, 0, 0, 0, 0]))).toEqual(['one']);
  });

  it('are none where there is none', () => {
    expect([plain(''), framed(frame(ERRORS, ''))]).toEqual([[], []]);
  });

  it('are the last ones', () => {
    expect(readLogLines(Buffer.from('1\n2\n3\n'), 2)).toEqual(['2', '3']);
  });

  it('have no colours and nothing that can’t be seen', () => {
    expect(plain('\u001b[90m2026-11-21\u001b[0m \u001b[1;31mERR\u001b[0m\tbad\u0007 \u202Ereversed\n')).toEqual([
      '2026-11-21 ERR bad reversed',
    ]);
  });

  it('are cut where they are long, and not inside of a character', () => {
    const [line = ''] = plain(`${'word '.repeat(59)}now😀${'x '.repeat(9000)}`);

    expect(line).toMatch(/^(?:word ){59}now…$/);
    expect(plain('a '.repeat(200))[0]).toHaveLength(300);
  });

  it('show no secret, not even one that a colour or the cut goes through', () => {
    const token = `eyJ${'aB3'.repeat(60)}`;

    expect(plain(`${'word '.repeat(55)}--token ${token}\ntoken=\u001b[31mabc\u001b[0m123 end\n`)).toEqual([
      `${'word '.repeat(55)}--token •••`,
      'token=••• end',
    ]);
  });
});

describe('the log of a container', () => {
  it('is cloudflared’s, without its token', async () => {
    const { docker, server } = await aDocker();
    const [{ id } = { id: '' }] = await server.containers();

    const lines = await server.logs(id, 20);

    expect(lines.map((line) => line.slice('2026-11-21T09:00:00Z '.length)).slice(0, 5)).toMatchInlineSnapshot(`
      [
        "INF Starting tunnel tunnelID=00000000-0000-4000-a000-000000000000",
        "INF Version 2026.3.0 (Checksum •••)",
        "INF GOOS: linux, GOVersion: go1.24.9, GoArch: amd64",
        "INF Settings: map[no-autoupdate:true token:•••]",
        "INF Initial protocol quic",
      ]
    `);
    expect(docker.container('cloudflared').log.join()).toContain('eyJ');
    expect(docker.calls.at(-1)?.url).toBe('/containers/cloudflared/logs?stdout=1&stderr=1&tail=20');
  });

  it('arrives in pieces of any size', async () => {
    const body = Buffer.concat([frame(ERRORS, 'INF one\n'), frame(ERRORS, 'INF zwölf\n')]);
    const host = await anEngineThat((request, response) => {
      if (request.url?.endsWith('/json')) return void response.end(JSON.stringify(anInspection({})));
      const send = (at: number): void => {
        if (at === body.length) response.end();
        else response.write(body.subarray(at, at + 1), () => setImmediate(send, at + 1));
      };
      send(0);
    });

    expect(await aServer(host).logs('id-of-cloudflared', 20)).toEqual(['INF one', 'INF zwölf']);
  });

  it('is read up to a bound, if it does not end', async () => {
    const host = await anEngineThat((request, response) => {
      if (request.url?.endsWith('/json')) return void response.end(JSON.stringify(anInspection({})));
      const pour = (): void => {
        while (!response.destroyed && response.write(frame(ERRORS, `INF ${'word '.repeat(500)}\n`)));
      };
      response.on('drain', pour);
      pour();
    });

    const lines = await aServer(host).logs('id-of-cloudflared', 20);

    expect(lines).toHaveLength(20);
    expect(lines[0]).toHaveLength(300);
  });
});
