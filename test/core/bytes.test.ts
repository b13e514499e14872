import { expect, it } from 'vitest';
import { bytesInWords } from '../../src/core/bytes.ts';

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [1234, '1.2 kB'],
  [9960, '10 kB'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [12_345_678, '12 MB'],
  [3.4e11, '340 GB'],
  [Number.MAX_SAFE_INTEGER, '9 PB'],
  [-5, '0 bytes'],
])('%d is %s', (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});
