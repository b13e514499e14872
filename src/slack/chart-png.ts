import { createRequire } from 'node:module';
import type { ChartBlock } from './chart.ts';
import { CHART_SIZE, chartSvg } from './chart-svg.ts';

const require = createRequire(import.meta.url);

const FONT = 'DejaVu Sans';
/** Sharp on the screens of phones. */
const POINTS_TO_PIXELS = 2;

/**
 * A chart as a picture, for where Slack does not draw it. The renderer is loaded when it is first needed. Throws if it or
 * a font is not installed: without fonts it would leave out all text and say nothing.
 */
export async function chartPng(chart: ChartBlock): Promise<Buffer> {
  const fontFiles = [
    require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
    require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  ];
  const { Resvg } = await import('@resvg/resvg-js');
  return new Resvg(chartSvg(chart), {
    fitTo: { mode: 'width', value: CHART_SIZE.width * POINTS_TO_PIXELS },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: FONT },
  })
    .render()
    .asPng();
}
