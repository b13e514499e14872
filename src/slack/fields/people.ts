import { PeopleValue } from '../../core/fields.ts';
import { plain } from '../blocks.ts';
import { fitLines } from '../fit.ts';
import { fileIn, typedIn } from '../form-state.ts';
import { bold, lines } from '../rich.ts';
import type { FieldBuilder } from './field-builder.ts';

/** The most that Slack lets anybody type into a field. */
const TEXT_MAX = 3000;

/** Several people: a pasted list, or a file for longer ones. */
export const peopleFieldBuilder: FieldBuilder = {
  blocks: ({ key, label, hint, withSerials = false }, { value }) => {
    const before = fitLines(PeopleValue.safeParse(value).data?.text ?? '', TEXT_MAX);
    const example = withSerials ? 'ana@organisation.org, C02XK0AZJG5J, macos' : 'ana@organisation.org';
    return [
      { ...lines([bold(label)], ['Paste a list, or choose a file. One of the two.']), block_id: `${key}.heading` },
      {
        type: 'input',
        block_id: `${key}.text`,
        label: plain('The list, one person a line', 2000),
        hint: plain(
          `${withSerials ? 'Each line' : 'For example'}: ${example}${hint === undefined ? '' : `. ${hint}`}`,
          2000,
        ),
        optional: true,
        element: {
          type: 'plain_text_input',
          action_id: `${key}.text`,
          multiline: true,
          max_length: TEXT_MAX,
          placeholder: plain(example, 150),
          ...(before === '' ? {} : { initial_value: before }),
        },
      },
      {
        type: 'input',
        block_id: `${key}.file`,
        label: plain('…or a CSV file', 2000),
        hint: plain(
          `For more than fits above. The same columns, with or without a line of headings: ${withSerials ? 'email, serial, platform' : 'email'}.`,
          2000,
        ),
        optional: true,
        element: { type: 'file_input', action_id: `${key}.file`, filetypes: ['csv', 'txt', 'tsv'], max_files: 1 },
      },
    ];
  },
  read: (state, key) => {
    const text = typedIn(state, `${key}.text`);
    const fileId = fileIn(state, `${key}.file`);
    if (text === undefined && fileId === undefined) return undefined;
    return { ...(text === undefined ? {} : { text }), ...(fileId === undefined ? {} : { fileId }) };
  },
  blockOf: (key, part) => `${key}.${part === 'file' || part === 'fileId' ? 'file' : 'text'}`,
};
