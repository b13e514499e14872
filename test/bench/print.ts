import type { Figure, Measured, Row } from './row.ts';
import { spreadOf } from './spread.ts';

export interface Result {
  readonly row: Row;
  readonly measured: readonly Measured[];
  /** Why the row could not be measured. */
  readonly problem?: string;
}

/** One array, one entry a line of the result; rows that could not be measured are not in it. */
export function asJson(results: readonly Result[]): string {
  return JSON.stringify(
    results.flatMap(({ row, measured }) =>
      measured.map(({ against, ratios }) => {
        const { min, median, max } = spreadOf(ratios);
        const ratio = { min: rounded(min), median: rounded(median), max: rounded(max) };
        return { row: row.name, against, ratio, aim: row.aim };
      }),
    ),
  );
}

export function asText({ row, measured, problem }: Result): string {
  const title = `\n${row.name}: ${row.about}`;
  if (problem !== undefined) return `${title}\n  could not be measured: ${problem}`;
  return [title, ...measured.flatMap((one) => linesOf(row, one))].join('\n');
}

function linesOf({ aim }: Row, { against, ratios, figures }: Measured): string[] {
  const { min, median, max } = spreadOf(ratios);
  const verdict = median <= aim ? 'met' : 'not met';
  return [
    `  against ${against}`,
    `    ${'ratio'.padEnd(34)}${triple([min, median, max].map((value) => value.toFixed(2)))}   aim ${aim}: ${verdict}`,
    ...figures.map(lineOf),
  ];
}

function lineOf({ what, unit, values }: Figure): string {
  const { min, median, max } = spreadOf(values);
  return `    ${what.padEnd(34)}${triple([min, median, max].map(short))} ${unit}`;
}

function triple(texts: readonly string[]): string {
  return texts.map((text) => text.padStart(7)).join(' / ');
}

function short(value: number): string {
  return Number.isInteger(value) || value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
