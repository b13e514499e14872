import { expect, it } from 'vitest';
import { eachOf } from '../../src/core/each-of.ts';

it('answers in order, with a few under way at a time', async () => {
  let underWay = 0;
  let most = 0;

  const doubled = await eachOf([5, 1, 4, 2, 3, 0, 6], async (number) => {
    underWay += 1;
    most = Math.max(most, underWay);
    for (let turn = 0; turn < number; turn += 1) await Promise.resolve();
    underWay -= 1;
    return number * 2;
  });

  expect(doubled).toEqual([10, 2, 8, 4, 6, 0, 12]);
  expect(most).toBe(5);
});

it('does the others before it throws the first failure', async () => {
  const done: number[] = [];

  await expect(
    eachOf([1, 2, 3], async (number) => {
      if (number < 3) throw new Error(`${number} fails`);
      done.push(number);
    }),
  ).rejects.toThrow('1 fails');

  expect(done).toEqual([3]);
});
