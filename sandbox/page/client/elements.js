import { useEffect, useRef, useState } from 'preact/hooks';
import { FileInput, SuggestedSelect } from './pickers.js';
import { html } from './html.js';
import { Text } from './text.js';

/** One element of a block. `id`, `described` and `error` come from the input block around it, if there is one. */
export function Element(given) {
  const draw = drawings[given.element.type];
  if (draw === undefined) return html`<span class="unknown">(${given.element.type})</span>`;
  return html`<${draw} ...${given} />`;
}

export function isField(element) {
  return element.type in drawings;
}

function Button({ block, element, ctx }) {
  const { text, style = 'default', url, confirm, accessibility_label: label } = element;
  if (url) {
    return html`<a class=${`button ${style}`} href=${url} target="_blank" rel="noopener noreferrer" aria-label=${label}
      >${text.text}</a
    >`;
  }
  const press = async () => {
    if (confirm !== undefined && !(await ctx.confirm(confirm))) return;
    await ctx.press(block, element);
  };
  return html`<button type="button" class=${`button ${style}`} aria-label=${label} onClick=${press}>
    ${text.text}
  </button>`;
}

function TextInput({ block, element, ctx, id, described, error }) {
  const stands = ctx.valueOf(block, element) ?? '';
  const [typed, setTyped] = useState(stands);
  const last = useRef(stands);
  // What the app puts into the field replaces what was typed only if it is something else than before.
  useEffect(() => {
    if (stands !== last.current) setTyped(stands);
    last.current = stands;
  }, [stands]);
  const keep = () => {
    ctx.unsent.delete(block.block_id);
    if (typed === last.current) return undefined;
    last.current = typed;
    return ctx.set(block, element, typed);
  };
  useEffect(() => {
    if (typed === last.current) ctx.unsent.delete(block.block_id);
    else ctx.unsent.set(block.block_id, keep);
  }, [typed]);
  const common = {
    id,
    value: typed,
    maxlength: element.max_length,
    placeholder: element.placeholder?.text,
    autocomplete: 'off',
    'aria-describedby': described || undefined,
    'aria-invalid': error ? 'true' : undefined,
    'aria-required': block.optional === true ? undefined : 'true',
    onInput: (event) => setTyped(event.currentTarget.value),
    onChange: keep,
  };
  if (element.multiline === true) return html`<textarea rows="3" ...${common}></textarea>`;
  return html`<input type="text" inputmode=${keyboards[element.type]} ...${common} />`;
}

const keyboards = { email_text_input: 'email', url_text_input: 'url', number_input: 'decimal' };

function Select({ block, element, ctx, id, described, error, options, stands }) {
  const change = (event) => {
    const { value } = event.currentTarget;
    return ctx.set(block, element, value === '' ? null : value);
  };
  return html`
    <select
      id=${id}
      aria-label=${id === undefined ? (element.placeholder?.text ?? 'Choose') : undefined}
      aria-describedby=${described || undefined}
      aria-invalid=${error ? 'true' : undefined}
      onChange=${change}
    >
      <option value="" selected=${stands === undefined}>${element.placeholder?.text ?? 'Choose'}</option>
      ${options.map(({ value, label }) => html`<option key=${value} value=${value} selected=${value === stands}>${label}</option>`)}
    </select>
  `;
}

function StaticSelect(given) {
  const { block, element, ctx } = given;
  const all = [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
  const options = all.map(({ value, text }) => ({ value, label: text.text }));
  return html`<${Select} ...${given} options=${options} stands=${ctx.valueOf(block, element)?.value} />`;
}

function UsersSelect(given) {
  const { block, element, ctx } = given;
  const options = ctx.everybody.map(({ id, name }) => ({ value: id, label: name }));
  return html`<${Select} ...${given} options=${options} stands=${ctx.valueOf(block, element) ?? undefined} />`;
}

function DatePicker({ block, element, ctx, id, described, error }) {
  return html`<input
    type="date"
    id=${id}
    value=${ctx.valueOf(block, element) ?? ''}
    aria-label=${id === undefined ? (element.placeholder?.text ?? 'Date') : undefined}
    aria-describedby=${described || undefined}
    aria-invalid=${error ? 'true' : undefined}
    onChange=${(event) => ctx.set(block, element, event.currentTarget.value === '' ? null : event.currentTarget.value)}
  />`;
}

function Choices({ block, element, ctx, kind }) {
  const stands = ctx.valueOf(block, element);
  const picked = (Array.isArray(stands) ? stands : [stands]).filter(Boolean).map(({ value }) => value);
  const change = (value, isOn) => {
    if (kind === 'radio') return ctx.set(block, element, value);
    return ctx.set(block, element, isOn ? [...picked, value] : picked.filter((one) => one !== value));
  };
  return element.options.map(
    (option) => html`
      <label class="choice" key=${option.value}>
        <input
          type=${kind}
          name=${`${ctx.id}-${block.block_id}`}
          checked=${picked.includes(option.value)}
          onChange=${(event) => change(option.value, event.currentTarget.checked)}
        />
        <span>
          <${Text} text=${option.text} ctx=${ctx} />
          ${option.description && html`<span class="hint"><${Text} text=${option.description} ctx=${ctx} /></span>`}
        </span>
      </label>
    `,
  );
}

const drawings = {
  button: Button,
  image: ({ element }) => html`<img src=${element.image_url} alt=${element.alt_text} />`,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
  static_select: StaticSelect,
  users_select: UsersSelect,
  external_select: SuggestedSelect,
  datepicker: DatePicker,
  file_input: FileInput,
  checkboxes: (given) => html`<${Choices} ...${given} kind="checkbox" />`,
  radio_buttons: (given) => html`<${Choices} ...${given} kind="radio" />`,
};
