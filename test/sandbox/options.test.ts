import { expect, it } from 'vitest';
import { readOptions } from '../../sandbox/options.ts';

it('opens the page on its usual port when nothing is said', () => {
  expect(readOptions([])).toEqual({
    kind: 'run',
    options: { port: 4600, http: false, story: false, emailList: false, verbose: false },
  });
});

it('takes all forms that the usage names', () => {
  expect(readOptions(['--port', '4700', '--http', '--email-list', '--verbose'])).toMatchObject({
    options: { port: 4700, http: true, emailList: true, verbose: true, story: false },
  });
  expect(readOptions(['--story', '--http'])).toMatchObject({ options: { story: true, http: true } });
  expect(readOptions(['--port=0'])).toMatchObject({ options: { port: 0 } });
  expect(readOptions(['--help'])).toEqual({ kind: 'help' });
});

it.each([
  [['--prot', '1'], 'There is no --prot.'],
  [['-v'], 'There is no -v.'],
  [['storey'], '“storey” is not understood.'],
  [['--http=1'], '--http takes no value.'],
  [['--port'], '--port takes a number from 0 to 65535, such as --port 4700.'],
  [['--port', 'abc'], '--port takes a number from 0 to 65535, such as --port 4700.'],
  [['--port', '70000'], '--port takes a number from 0 to 65535, such as --port 4700.'],
  [['--story', '--port', '1'], '--story opens no page, so --port has no meaning with it.'],
])('answers %j with a sentence and the valid forms', (args, sentence) => {
  const read = readOptions(args);

  expect(read).toMatchObject({ kind: 'wrong', says: expect.stringContaining(sentence) });
  expect(read).toMatchObject({ says: expect.stringContaining('npm run sandbox -- --story') });
});
