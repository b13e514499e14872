import { describe, expect, it } from 'vitest';
import { checkBlocks, type Surface } from '../../../sandbox/slack/check-blocks.ts';
import { checkMessage } from '../../../sandbox/slack/check-message.ts';
import { checkView } from '../../../sandbox/slack/check-view.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string, more = {}) => ({ type: 'section', text: mrkdwn(text), ...more });
const button = (text: string, more = {}) => ({ type: 'button', text: plain(text), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (value: string, text = value) => ({ text: plain(text), value });
const select = (count: number) => ({
  type: 'static_select',
  options: Array.from({ length: count }, (_, index) => option(`o${index}`)),
});
const input = (element: object, more = {}) => ({ type: 'input', label: plain('Label'), element, ...more });
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
const long = (length: number) => 'x'.repeat(length);
const rich = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});
const card = (status: string) => ({ type: 'task_card', task_id: 't', title: 'Step', status });
const cell = (text: string) => ({ type: 'raw_text', text });
const dataTable = (rows: object[][], more = {}) => ({ type: 'data_table', caption: 'People', rows, ...more });
const chart = (more = {}) => ({
  type: 'data_visualization',
  title: 'Logins',
  chart: {
    type: 'bar',
    series: [{ name: 'ok', data: [{ label: 'Mon', value: 3 }] }],
    axis_config: { categories: ['Mon'] },
    ...more,
  },
});
const dialog = { title: plain('Sure?'), text: plain('Really.'), confirm: plain('Yes'), deny: plain('No') };

const codes = (message: object) => checkMessage(message).map((fault) => fault.code ?? fault.message);

function said(faults: { pointer: string; message: string }[]): string[] {
  return faults.map(({ pointer, message }) => `${pointer}: ${message}`);
}

describe('blocks that Slack takes', () => {
  it.each<[string, Surface, object[]]>([
    ['a section at its limit', 'message', [section(long(3000))]],
    ['fifty blocks in a message', 'message', times(50, { type: 'divider' })],
    ['a hundred blocks in a modal', 'modal', times(100, { type: 'divider' })],
    ['a header', 'home', [{ type: 'header', text: plain(long(150)), level: 2 }]],
    [
      'a button with a dialog',
      'message',
      [actions(button('Go', { style: 'danger', confirm: dialog, action_id: 'a' }))],
    ],
    ['twenty-five buttons', 'message', [actions(...times(25, button('b')))]],
    ['a hundred options', 'modal', [input(select(100))]],
    ['a plan with a pending task', 'message', [{ type: 'plan', title: 'Plan', tasks: [card('pending')] }]],
    ['a task with rich text', 'message', [{ ...card('complete'), details: rich('done') }]],
    ['a data table', 'home', [dataTable([[cell('Name')], [{ type: 'raw_number', value: 1, text: '1' }]])]],
    ['a chart', 'message', [chart()]],
    ['an alert in a modal', 'modal', [{ type: 'alert', level: 'warning', text: plain('Careful') }]],
    ['a container', 'home', [{ type: 'container', title: plain('More'), child_blocks: [section('a')] }]],
    ['fields alone', 'message', [{ type: 'section', fields: times(10, mrkdwn('a')) }]],
  ])('%s', (_, surface, blocks) => {
    expect(said(checkBlocks(surface, blocks))).toEqual([]);
  });
});

describe('blocks that Slack refuses', () => {
  it.each<[string, Surface, object[], string]>([
    ['an unknown block', 'message', [{ type: 'sektion' }], '/blocks/0: unsupported type: sektion of block'],
    [
      'a property too many',
      'message',
      [section('a', { colour: 'red' })],
      '/blocks/0: invalid additional property: colour',
    ],
    ['a long section', 'message', [section(long(3001))], '/blocks/0/text/text: must be less than 3001 characters'],
    ['an empty text', 'message', [section('')], '/blocks/0/text/text: must be more than 0 characters'],
    ['a section of nothing', 'message', [{ type: 'section' }], '/blocks/0: at least one of text, fields is needed'],
    [
      'eleven fields',
      'message',
      [{ type: 'section', fields: times(11, mrkdwn('a')) }],
      '/blocks/0/fields: no more than 10 items allowed',
    ],
    ['fifty-one blocks', 'message', times(51, { type: 'divider' }), '/blocks: no more than 50 items allowed'],
    ['a hundred and one', 'modal', times(101, { type: 'divider' }), '/blocks: no more than 100 items allowed'],
    [
      'a mrkdwn header',
      'message',
      [{ type: 'header', text: mrkdwn('a') }],
      '/blocks/0/text/type: must be one of plain_text',
    ],
    [
      'a long header',
      'message',
      [{ type: 'header', text: plain(long(151)) }],
      '/blocks/0/text/text: must be less than 151 characters',
    ],
    [
      'a long button',
      'message',
      [actions(button(long(76)))],
      '/blocks/0/elements/0/text/text: must be less than 76 characters',
    ],
    [
      'an empty value',
      'message',
      [actions(button('a', { value: '' }))],
      '/blocks/0/elements/0/value: must be more than 0 characters',
    ],
    [
      'a style of its own',
      'message',
      [actions(button('a', { style: 'green' }))],
      '/blocks/0/elements/0/style: must be one of primary, danger',
    ],
    [
      'too many buttons',
      'message',
      [actions(...times(26, button('b')))],
      '/blocks/0/elements: no more than 25 items allowed',
    ],
    ['no buttons', 'message', [actions()], '/blocks/0/elements: no fewer than 1 items allowed'],
    [
      'half a dialog',
      'message',
      [actions(button('a', { confirm: { ...dialog, deny: undefined } }))],
      '/blocks/0/elements/0/confirm: missing required field: deny',
    ],
    [
      'an input among actions',
      'message',
      [actions({ type: 'plain_text_input' })],
      '/blocks/0/elements/0: unsupported type: plain_text_input in an actions block',
    ],
    [
      'a button as an input',
      'modal',
      [input(button('a'))],
      '/blocks/0/element: unsupported type: button in an input block',
    ],
    ['too many options', 'modal', [input(select(101))], '/blocks/0/element/options: no more than 100 items allowed'],
    [
      'options and groups',
      'modal',
      [input({ ...select(1), option_groups: [{ label: plain('g'), options: [option('a')] }] })],
      '/blocks/0/element: exactly one of options, option_groups is needed',
    ],
    [
      'a long option',
      'modal',
      [input({ type: 'static_select', options: [option('v', long(76))] })],
      '/blocks/0/element/options/0/text/text: must be less than 76 characters',
    ],
    [
      'an initial option from elsewhere',
      'modal',
      [input({ ...select(1), initial_option: option('zz') })],
      '/blocks/0/element: initial option is not among the options',
    ],
    [
      'eleven checkboxes',
      'modal',
      [input({ type: 'checkboxes', options: times(11, option('a')) })],
      '/blocks/0/element/options: no more than 10 items allowed',
    ],
    [
      'six in a menu',
      'message',
      [actions({ type: 'overflow', options: times(6, option('a')) })],
      '/blocks/0/elements/0/options: no more than 5 items allowed',
    ],
    [
      'a date by hand',
      'modal',
      [input({ type: 'datepicker', initial_date: '2026-13-01' })],
      '/blocks/0/element/initial_date: must be YYYY-MM-DD',
    ],
    [
      'a number without its rule',
      'modal',
      [input({ type: 'number_input' })],
      '/blocks/0/element: missing required field: is_decimal_allowed',
    ],
    [
      'lengths that disagree',
      'modal',
      [input({ type: 'plain_text_input', min_length: 9, max_length: 3 })],
      '/blocks/0/element: min_length is above max_length',
    ],
    [
      'an alert in a message',
      'message',
      [{ type: 'alert', text: plain('a') }],
      '/blocks/0: alert is not allowed in a message',
    ],
    ['a plan in a modal', 'modal', [{ type: 'plan', title: 'a' }], '/blocks/0: plan is not allowed in a modal'],
    [
      'a table in a modal',
      'modal',
      [dataTable([[cell('a')], [cell('b')]])],
      '/blocks/0: data_table is not allowed in a modal',
    ],
    ['a chart in the Home tab', 'home', [chart()], '/blocks/0: data_visualization is not allowed in a home'],
    [
      'a plan with a text object',
      'message',
      [{ type: 'plan', title: plain('a') }],
      '/blocks/0/title: must be a string',
    ],
    [
      'a pending task alone',
      'message',
      [card('pending')],
      '/blocks/0/status: must be one of in_progress, complete, error',
    ],
    [
      'a table without a caption',
      'message',
      [dataTable([[cell('a')], [cell('b')]], { caption: undefined })],
      '/blocks/0: missing required field: caption',
    ],
    [
      'a ragged table',
      'message',
      [dataTable([[cell('a')], [cell('b'), cell('c')]])],
      '/blocks/0/rows/1: must have 1 cells, as the header has',
    ],
    [
      'a rich header',
      'message',
      [dataTable([[rich('a')], [cell('b')]])],
      '/blocks/0/rows/0/0: rich_text is not allowed in the header',
    ],
    ['a header alone', 'message', [dataTable([[cell('a')]])], '/blocks/0/rows: no fewer than 2 items allowed'],
    [
      'a table too wide',
      'message',
      [dataTable([times(21, cell('a')), times(21, cell('a'))])],
      '/blocks/0/rows/0: no more than 20 items allowed',
    ],
    [
      'a table too long',
      'message',
      [dataTable(times(202, [cell('a')]))],
      '/blocks/0/rows: no more than 201 items allowed',
    ],
    [
      'a chart with a hole',
      'message',
      [chart({ axis_config: { categories: ['Mon', 'Tue'] } })],
      '/blocks/0/chart: each series needs one point for each category, in their order',
    ],
    [
      'an empty slice',
      'message',
      [{ type: 'data_visualization', title: 'a', chart: { type: 'pie', segments: [{ label: 'a', value: 0 }] } }],
      '/blocks/0/chart/segments/0/value: must be a number above 0',
    ],
    [
      'a container in a container',
      'home',
      [
        {
          type: 'container',
          title: plain('a'),
          child_blocks: [{ type: 'container', title: plain('b'), child_blocks: [section('c')] }],
        },
      ],
      '/blocks/0/child_blocks/0: unsupported type: container in a container',
    ],
    [
      'a picture without words',
      'message',
      [{ type: 'image', image_url: 'https://lanternhealth.example/a.png' }],
      '/blocks/0: missing required field: alt_text',
    ],
    [
      'a link that is none',
      'message',
      [actions(button('a', { url: 'nowhere' }))],
      '/blocks/0/elements/0/url: must be a valid URL',
    ],
    [
      'one block id twice',
      'message',
      [section('a', { block_id: 'x' }), section('b', { block_id: 'x' })],
      '/blocks/1/block_id: block_id "x" already exists',
    ],
    [
      'one action id twice in a block',
      'message',
      [actions(button('a', { action_id: 'x' }), button('b', { action_id: 'x' }))],
      '/blocks/0: action_id "x" already exists in this block',
    ],
    [
      'a long block id',
      'message',
      [section('a', { block_id: long(256) })],
      '/blocks/0/block_id: must be less than 256 characters',
    ],
    [
      'a user who is no id',
      'modal',
      [input({ type: 'users_select', initial_user: 'ana' })],
      '/blocks/0/element/initial_user: must be a user id',
    ],
    [
      'a file with dispatch',
      'modal',
      [input({ type: 'file_input' }, { dispatch_action: true })],
      '/blocks/0: file_input does not go with dispatch_action',
    ],
  ])('%s', (_, surface, blocks, fault) => {
    expect(said(checkBlocks(surface, blocks))).toContain(fault);
  });

  it('the same action id in two blocks is fine', () => {
    const blocks = [actions(button('a', { action_id: 'x' })), actions(button('b', { action_id: 'x' }))];

    expect(checkBlocks('message', blocks)).toEqual([]);
  });
});

describe('whole messages', () => {
  it('needs words or blocks', () => {
    expect(codes({ text: '' })).toEqual(['no_text']);
  });

  it('counts the text of all blocks together', () => {
    const text = long(2600);

    expect(codes({ text: 'a', blocks: times(5, section(text)) })).toEqual([]);
    expect(codes({ text: 'a', blocks: [...times(5, section(text)), section('x')] })).toEqual(['msg_blocks_too_long']);
  });

  it('counts markdown, charts and tables over the whole message', () => {
    const markdown = { type: 'markdown', text: long(6001) };
    const table = { type: 'table', rows: [[cell('a')]] };

    expect(codes({ text: 'a', blocks: [markdown, markdown] })).toContain('no more than 12000 characters of markdown');
    expect(codes({ text: 'a', blocks: [chart(), chart(), chart()] })).toContain('no more than 2 charts');
    expect(codes({ text: 'a', blocks: [table, table] })).toContain('invalid_attachments');
  });

  it('counts the characters of all data tables together', () => {
    const big = dataTable([[cell('a')], ...times(5, [cell(long(2999))])]);

    expect(codes({ text: 'a', blocks: [big] })).toEqual([]);
    expect(codes({ text: 'a', blocks: [big, big] })).toEqual(['no more than 20000 characters in data tables']);
  });
});

describe('whole views', () => {
  const modal = (more: object) => ({ type: 'modal', title: plain('Title'), blocks: [section('a')], ...more });

  it.each<[string, object, string[]]>([
    ['is fine', modal({}), []],
    ['has a title of 25', modal({ title: plain(long(25)) }), ['/title/text: must be less than 25 characters']],
    ['has no title', modal({ title: undefined }), [': missing required field: title']],
    [
      'has much metadata',
      modal({ private_metadata: long(3001) }),
      ['/private_metadata: must be less than 3001 characters'],
    ],
    ['has a submit of 25', modal({ submit: plain(long(25)) }), ['/submit/text: must be less than 25 characters']],
    [
      'asks without submit',
      modal({ blocks: [input({ type: 'plain_text_input' })] }),
      [': submit is needed when there is an input block'],
    ],
    ['has an unknown field', modal({ hash: 'x' }), [': invalid additional property: hash']],
    [
      'is a Home tab with a title',
      { type: 'home', title: plain('a'), blocks: [section('a')] },
      [': invalid additional property: title'],
    ],
    ['is of no kind', { type: 'page', title: plain('a'), blocks: [section('a')] }, ['/type: must be one of modal']],
  ])('%s', (_, view, faults) => {
    expect(said(checkView(view))).toEqual(faults);
  });

  it('is refused above 250 KB, and when two fields want the focus', () => {
    const focused = { type: 'plain_text_input', focus_on_load: true };
    const heavy = times(100, section(long(3000)));

    expect(checkView(modal({ blocks: heavy })).map(({ code }) => code)).toEqual(['view_too_large']);
    expect(said(checkView(modal({ submit: plain('Go'), blocks: [input(focused), input(focused)] })))).toEqual([
      '/blocks: focus_on_load may be set once in a view',
    ]);
  });
});
