import type { ChartBlock } from './chart.ts';

/** Of a picture that can be read on a phone, in points. */
export const CHART_SIZE = { width: 760, height: 460 } as const;

const PLOT = { left: 62, right: 744, top: 92, bottom: 386 } as const;
/** Dark and light, and the second one is hatched: they are told apart without colours. */
const FILLS = ['#1d5b8f', 'url(#hatched)'] as const;
const INK = '#1d1c1d';
const SOFT = '#55545a';

/** A bar chart as a picture. All text is in the fonts that `chartPng` brings along. */
export function chartSvg({ title, chart: { series, axis_config: axis } }: ChartBlock): string {
  const highest = Math.max(0, ...series.flatMap(({ data }) => data.map(({ value }) => value)));
  const step = stepFor(highest);
  const top = Math.max(step, Math.ceil(highest / step) * step);
  const y = (value: number) => PLOT.bottom - (value / top) * (PLOT.bottom - PLOT.top);
  const slot = (PLOT.right - PLOT.left) / Math.max(1, axis.categories.length);
  const bar = (slot * 0.8) / Math.max(1, series.length);
  const lines = Array.from({ length: Math.round(top / step) + 1 }, (_, at) => at * step).map((value) =>
    gridLine(value, y(value)),
  );
  const bars = series.flatMap(({ data }, of) =>
    data.map(({ value }, at) =>
      drawBar({ x: PLOT.left + at * slot + slot * 0.1 + of * bar, width: bar, y: y(value), value, fill: fillOf(of) }),
    ),
  );
  const labels = axis.categories.map((label, at) =>
    text(label, { x: PLOT.left + (at + 0.5) * slot, y: PLOT.bottom + 22, size: 14, anchor: 'middle' }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CHART_SIZE.width}" height="${CHART_SIZE.height}" font-family="DejaVu Sans">`,
    '<defs><pattern id="hatched" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" fill="#f6c9c2"/><rect width="3" height="7" fill="#b3231a"/></pattern></defs>',
    `<rect width="${CHART_SIZE.width}" height="${CHART_SIZE.height}" fill="#ffffff"/>`,
    text(title, { x: 16, y: 32, size: 20, isBold: true }),
    ...series.map(({ name }, of) => legend(name, of)),
    ...lines,
    ...bars,
    ...labels,
    text(axis.x_label, {
      x: (PLOT.left + PLOT.right) / 2,
      y: PLOT.bottom + 54,
      size: 15,
      anchor: 'middle',
      fill: SOFT,
    }),
    text(axis.y_label, { x: 16, y: PLOT.top - 20, size: 14, fill: SOFT }),
    '</svg>',
  ].join('');
}

/** So that at most five lines are drawn, at round numbers. */
function stepFor(highest: number): number {
  const rough = Math.max(1, highest / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? 10 * power;
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

function gridLine(value: number, y: number): string {
  const { left, right } = PLOT;
  return `<line x1="${left}" x2="${right}" y1="${y}" y2="${y}" stroke="${value === 0 ? SOFT : '#dcdce0'}"/>${text(compact.format(value), { x: left - 8, y: y + 5, size: 14, anchor: 'end', fill: SOFT })}`;
}

interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly value: number;
  readonly fill: string;
}

/** A small number among great ones is seen too. */
function drawBar({ x, y, width, value, fill }: Bar): string {
  if (value <= 0) return '';
  const upper = Math.min(y, PLOT.bottom - 2);
  const number = text(compact.format(value), { x: x + width / 2, y: upper - 5, size: 12, anchor: 'middle' });
  return `<rect x="${x}" y="${upper}" width="${width}" height="${PLOT.bottom - upper}" fill="${fill}"/>${number}`;
}

function legend(name: string, of: number): string {
  const x = 150 + of * 170;
  return `<rect x="${x}" y="58" width="16" height="16" fill="${fillOf(of)}"/>${text(name, { x: x + 24, y: 72, size: 15 })}`;
}

function fillOf(of: number): string {
  return FILLS[of % FILLS.length] ?? INK;
}

interface Look {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly fill?: string;
  readonly isBold?: boolean;
}

function text(words: string, { x, y, size, anchor = 'start', fill = INK, isBold = false }: Look): string {
  const weight = isBold ? ' font-weight="bold"' : '';
  return `<text x="${x}" y="${y}" font-size="${size}" text-anchor="${anchor}" fill="${fill}"${weight}>${escapeXml(words)}</text>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** What XML does not allow at all is dropped: one such character would cost the whole picture. */
function escapeXml(words: string): string {
  return words
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
