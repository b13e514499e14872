import type { Block } from '@slack/types';
import { fit } from './fit.ts';

/** Slack’s own chart, which its SDK has no type for. */
export interface ChartBlock extends Block {
  readonly type: 'data_visualization';
  readonly title: string;
  readonly chart: {
    readonly type: 'bar';
    readonly series: readonly Series[];
    readonly axis_config: {
      readonly categories: readonly string[];
      readonly x_label: string;
      readonly y_label: string;
    };
  };
}

export interface Series {
  readonly name: string;
  /** One for each category, in their order. */
  readonly data: readonly { readonly label: string; readonly value: number }[];
}

export interface Bars {
  readonly title: string;
  /** At most 20. */
  readonly categories: readonly string[];
  /** At most 6, with different names; a value for each category. */
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  readonly xLabel: string;
  readonly yLabel: string;
}

export function barChart({ title, categories, series, xLabel, yLabel }: Bars): ChartBlock {
  const labels = categories.map((label) => fit(label, 20));
  return {
    type: 'data_visualization',
    title: fit(title, 50),
    chart: {
      type: 'bar',
      series: series.map(({ name, values }) => ({
        name: fit(name, 20),
        data: labels.map((label, at) => ({ label, value: values[at] ?? 0 })),
      })),
      axis_config: { categories: labels, x_label: fit(xLabel, 50), y_label: fit(yLabel, 50) },
    },
  };
}

const number = new Intl.NumberFormat('en');

/** What a chart shows, for whoever doesn’t see it: `08–10: 14 signed in, 2 turned away`. Where all is 0 is left out. */
export function chartInWords({ chart: { series, axis_config: axis } }: ChartBlock): string {
  return axis.categories
    .map((category, at) => {
      const values = series.map(({ name, data }) => ({ name, value: data[at]?.value ?? 0 }));
      const said = values
        .filter(({ value }) => value !== 0)
        .map(({ name, value }) => `${number.format(value)} ${name.toLowerCase()}`);
      return said.length === 0 ? '' : `${category}: ${said.join(', ')}`;
    })
    .filter((words) => words !== '')
    .join('; ');
}
