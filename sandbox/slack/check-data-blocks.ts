import { richText } from './check-rich-text.ts';
import {
  anything,
  byType,
  fault,
  flag,
  integer,
  list,
  needed,
  number,
  oneOf,
  shape,
  text,
  type Check,
  type Fault,
} from './check-rules.ts';
import { asObject, asText, objectsOf, type JsonObject } from './json.ts';
import { limits } from './limits.ts';
import { readableLength } from './readable-text.ts';

const own = { type: needed(anything), block_id: text(limits.id) };
const cellText = text(limits.text, 0);
const rawText = shape({ type: needed(anything), text: needed(cellText) });
const rawNumber = shape({ type: needed(anything), value: needed(number), text: needed(cellText) });
const anyCell = byType({ raw_text: rawText, raw_number: rawNumber, rich_text: richText }, ' of table cell');

const dataTableShape = shape({
  ...own,
  caption: needed(text(limits.text)),
  rows: needed(list(list(anyCell, 1, limits.dataTable.columns), 2, limits.dataTable.rows)),
  page_size: integer(1, limits.dataTable.pageSize),
  row_header_column_index: integer(0, limits.dataTable.columns - 1),
});

/** A header and up to 200 rows of equal length; the header is plain text. */
export const dataTable: Check = (value, at) => {
  const wrong = dataTableShape(value, at);
  if (wrong.length > 0) return wrong;
  const table = asObject(value);
  return [...equalRows(table, at), ...plainHeader(table, at), ...tooMuchText(table, at, limits.dataTable.text)];
};

const tableShape = shape({
  ...own,
  rows: needed(list(list(anyCell, 1, limits.table.columns), 1, limits.table.rows)),
  column_settings: list(shape({ align: oneOf('left', 'center', 'right'), is_wrapped: flag }), 0, limits.table.columns),
});

export const table: Check = (value, at) => {
  const wrong = tableShape(value, at);
  return wrong.length > 0 ? wrong : tooMuchText(asObject(value), at, limits.table.text);
};

function rowsOf(block: JsonObject): JsonObject[][] {
  return Array.isArray(block['rows']) ? block['rows'].map(objectsOf) : [];
}

function equalRows(block: JsonObject, at: string): Fault[] {
  const rows = rowsOf(block);
  const columns = rows[0]?.length ?? 0;
  return rows.flatMap((row, index) =>
    row.length === columns ? [] : [fault(`${at}/rows/${index}`, `must have ${columns} cells, as the header has`)],
  );
}

function plainHeader(block: JsonObject, at: string): Fault[] {
  return (rowsOf(block)[0] ?? []).flatMap((cell, index) =>
    cell['type'] === 'rich_text' ? [fault(`${at}/rows/0/${index}`, 'rich_text is not allowed in the header')] : [],
  );
}

function tooMuchText(block: JsonObject, at: string, most: number): Fault[] {
  return readableLength(block) > most ? [fault(at, `no more than ${most} characters in a table`)] : [];
}

const { chart: sizes } = limits;
const label = text(sizes.label);

const axis = shape({
  categories: needed(list(label, 1, sizes.points)),
  x_label: text(sizes.axisLabel),
  y_label: text(sizes.axisLabel),
});

const point = shape({ label: needed(label), value: needed(number) });
const series = shape({ name: needed(label), data: needed(list(point, 1, sizes.points)) });

const axes = shape(
  { type: needed(anything), series: needed(list(series, 1, sizes.series)), axis_config: needed(axis) },
  uniqueNames,
  onePointPerCategory,
);

const positive: Check = (value, at) =>
  typeof value === 'number' && value > 0 ? [] : [fault(at, 'must be a number above 0')];

export const chart: Check = shape({
  ...own,
  title: needed(text(sizes.title)),
  chart: needed(
    byType(
      {
        pie: shape({
          type: needed(anything),
          segments: needed(list(shape({ label: needed(label), value: needed(positive) }), 1, sizes.segments)),
        }),
        bar: axes,
        area: axes,
        line: axes,
      },
      ' of chart',
    ),
  ),
});

function uniqueNames(block: JsonObject): string | null {
  const names = objectsOf(block['series']).map((one) => asText(one['name']));
  return new Set(names).size === names.length ? null : 'series names must be unique';
}

function onePointPerCategory(block: JsonObject): string | null {
  const categories = asObject(block['axis_config'])['categories'];
  const wanted = JSON.stringify(categories);
  const agrees = objectsOf(block['series']).every(
    (one) => JSON.stringify(objectsOf(one['data']).map((each) => each['label'])) === wanted,
  );
  return agrees ? null : 'each series needs one point for each category, in their order';
}
