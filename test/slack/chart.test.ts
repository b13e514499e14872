import { describe, expect, it } from 'vitest';
import { barChart, chartInWords } from '../../src/slack/chart.ts';
import { chartSvg } from '../../src/slack/chart-svg.ts';
import { digestChart } from '../../src/slack/digest-chart.ts';
import { aBusyDigest, aDigest, aDigestOf25Hours } from '../builders/a-digest.ts';

describe('the chart of a day', () => {
  it('has a bar for two hours, and loses none', () => {
    const digest = aBusyDigest();
    const chart = digestChart(digest)?.chart;
    expect(chart?.axis_config.categories).toHaveLength(12);
    const sums = chart?.series.map(({ data }) => data.reduce((sum, { value }) => sum + value, 0));
    expect(sums).toEqual([digest.access.signIns, digest.access.denied]);
  });

  it('puts the hour that comes twice where the clock shows it', () => {
    const chart = digestChart(aDigestOf25Hours());
    expect(chart && chartInWords(chart)).toBe(
      '00–02: 1 signed in; 02–04: 7 signed in; 08–10: 4 signed in; 20–22: 3 signed in, 1 turned away',
    );
  });

  it('is none where nobody came', () => {
    const { access } = aDigest();
    expect(digestChart(aDigest({ access: { ...access, hours: [] } }))).toBeUndefined();
  });
});

describe('a chart as a picture', () => {
  it('takes names as text and nothing else', () => {
    const svg = chartSvg(
      barChart({
        title: '<script>"&\u0007\uFFFE',
        categories: ["</text><a href='x'>"],
        series: [{ name: '&amp;', values: [3] }],
        xLabel: '',
        yLabel: '',
      }),
    );
    expect(svg).toContain('&lt;script&gt;&quot;&amp;</text>');
    expect(svg).toContain('&lt;/text&gt;&lt;a href=&apos;x&apos;&gt;');
    expect(svg).toContain('&amp;amp;');
  });

  it('is of the same size whatever the numbers are', () => {
    for (const value of [0, 1, 3, 999, 48_210, 1e12]) {
      const svg = chartSvg(
        barChart({ title: 'T', categories: ['a'], series: [{ name: 's', values: [value] }], xLabel: '', yLabel: '' }),
      );
      const ends = [...svg.matchAll(/ (?:y|y1)="([-\d.]+)"/g)].map(([, y]) => Number(y));
      expect(Math.min(...ends), String(value)).toBeGreaterThan(0);
      expect(Math.max(...ends), String(value)).toBeLessThan(460);
      expect(svg.match(/<line/g)?.length, String(value)).toBeLessThanOrEqual(6);
      expect(svg).not.toContain('NaN');
    }
  });
});
