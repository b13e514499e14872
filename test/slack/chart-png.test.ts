import { Resvg } from '@resvg/resvg-js';
import { expect, it } from 'vitest';
import { chartPng } from '../../src/slack/chart-png.ts';
import { CHART_SIZE, chartSvg } from '../../src/slack/chart-svg.ts';
import { digestChart } from '../../src/slack/digest-chart.ts';
import { aBusyDigest } from '../builders/a-digest.ts';

const chart = digestChart(aBusyDigest()) ?? expect.fail('there is no chart');

/** As the renderer does it where no font is installed. */
function withoutFonts(svg: string): Buffer {
  const fitTo = { mode: 'width', value: CHART_SIZE.width * 2 } as const;
  return new Resvg(svg, { fitTo, font: { loadSystemFonts: false } }).render().asPng();
}

it('is a PNG of twice the size in points', async () => {
  const png = await chartPng(chart);
  expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([CHART_SIZE.width * 2, CHART_SIZE.height * 2]);
  expect(png.length).toBeLessThan(200_000);
});

// The renderer leaves text out without a word when it has no font for it.
it('holds its text', async () => {
  const svg = chartSvg(chart);
  const wordless = svg.replaceAll(/<text.*?<\/text>/g, '');
  expect(withoutFonts(svg)).toEqual(withoutFonts(wordless));
  expect(await chartPng(chart)).not.toEqual(withoutFonts(wordless));
});

it('shows each of its words: without one it is another picture', async () => {
  const whole = await chartPng(chart);
  for (const title of ['', `${chart.title}.`]) expect(await chartPng({ ...chart, title })).not.toEqual(whole);
});
