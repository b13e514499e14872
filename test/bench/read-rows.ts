import { createReadStream } from 'node:fs';

/** The rows of a file with a line of JSON for each, page after page. */
export async function* readRows<Row>(path: string): AsyncGenerator<Row[]> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    yield lines.map((line) => JSON.parse(line) as Row);
  }
  if (rest !== '') yield [JSON.parse(rest) as Row];
}
