import { Chart } from './chart.js';
import { Element, isField } from './elements.js';
import { html } from './html.js';
import { RichText } from './rich-text.js';
import { Text, mrkdwn } from './text.js';

/** Blocks as Slack would draw them. `ctx` carries the reader's names and time zone, and what can be done with them. */
export function Blocks({ blocks, ctx }) {
  return blocks.map((block) => html`<${Block} key=${block.block_id} block=${block} ctx=${ctx} />`);
}

function Block({ block, ctx }) {
  const draw = drawings[block.type];
  if (draw === undefined)
    return html`<p class="unknown">A block of the kind “${block.type}” is not drawn here yet.</p>`;
  return html`<div class=${`block ${block.type}`}>${draw(block, ctx)}</div>`;
}

const drawings = {
  header: (block) => html`<h3>${block.text.text}</h3>`,
  divider: () => html`<hr />`,
  section: (block, ctx) => html`
    <div class="words">
      ${block.text && html`<p><${Text} text=${block.text} ctx=${ctx} /></p>`}
      ${block.fields && html`<div class="fields">${block.fields.map((text) => html`<p><${Text} text=${text} ctx=${ctx} /></p>`)}</div>`}
    </div>
    ${block.accessory && html`<div class="accessory"><${Element} block=${block} element=${block.accessory} ctx=${ctx} /></div>`}
  `,
  context: (block, ctx) =>
    block.elements.map((one) =>
      one.type === 'image'
        ? html`<img src=${one.image_url} alt=${one.alt_text} />`
        : html`<span><${Text} text=${one} ctx=${ctx} /></span>`,
    ),
  actions: (block, ctx) => block.elements.map((one) => html`<${Element} block=${block} element=${one} ctx=${ctx} />`),
  rich_text: (block, ctx) => html`<${RichText} block=${block} ctx=${ctx} />`,
  image: (block) => html`
    <figure>
      ${block.title && html`<figcaption>${block.title.text}</figcaption>`}
      <img src=${block.image_url} alt=${block.alt_text} />
    </figure>
  `,
  alert: (block, ctx) =>
    html`<p class=${`level-${block.level ?? 'default'}`} role="note"><${Text} text=${block.text} ctx=${ctx} /></p>`,
  markdown: (block, ctx) => html`<p>${mrkdwn(block.text, ctx)}</p>`,
  plan: (block, ctx) => html`
    <p class="plan-title">${block.title}</p>
    <ol>
      ${block.tasks.map((task) => html`<li key=${task.task_id}><${Task} task=${task} ctx=${ctx} /></li>`)}
    </ol>
  `,
  task_card: (block, ctx) => html`<${Task} task=${block} ctx=${ctx} />`,
  table: (block, ctx) => html`<${Table} rows=${block.rows} ctx=${ctx} />`,
  data_table: (block, ctx) => html`<${Table} rows=${block.rows} caption=${block.caption} ctx=${ctx} />`,
  data_visualization: (block) => html`<${Chart} block=${block} />`,
  input: (block, ctx) => html`<${Input} block=${block} ctx=${ctx} />`,
};

const states = {
  pending: { sign: '', words: 'to do' },
  in_progress: { sign: '', words: 'in progress' },
  complete: { sign: '✓', words: 'done' },
  error: { sign: '!', words: 'failed' },
};

function Task({ task, ctx }) {
  const { sign, words } = states[task.status] ?? { sign: '?', words: task.status };
  return html`
    <div class=${`task ${task.status}`}>
      <span class="sign" aria-hidden="true">${sign}</span>
      <div>
        <p>${task.title}<span class="unseen"> (${words})</span></p>
        ${task.details && html`<${RichText} block=${task.details} ctx=${ctx} />`}
        ${task.output && html`<div class="output"><${RichText} block=${task.output} ctx=${ctx} /></div>`}
      </div>
    </div>
  `;
}

function Table({ rows, caption, ctx }) {
  const [head, ...body] = rows;
  const cell = (one) => (one.type === 'rich_text' ? html`<${RichText} block=${one} ctx=${ctx} />` : one.text);
  return html`
    <div class="table" tabindex="0" role="region" aria-label=${caption ?? 'Table'}>
      <table>
        ${
          caption &&
          html`<caption>
            ${caption}
          </caption>`
        }
        <thead>
          <tr>
            ${head.map((one) => html`<th scope="col">${cell(one)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${body.map(
            (row) =>
              html`<tr>
                ${row.map((one) => html`<td>${cell(one)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}

function Input({ block, ctx }) {
  const { element } = block;
  const error = ctx.errors?.[block.block_id];
  const id = `${ctx.id}-${block.block_id}`;
  const described = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(' ');
  const isGroup = element.type === 'checkboxes' || element.type === 'radio_buttons';
  const label = html`${block.label.text}${block.optional === true && html`<span class="optional"> (optional)</span>`}`;
  const field = html`<${Element}
    block=${block}
    element=${element}
    ctx=${ctx}
    id=${id}
    described=${described}
    error=${error}
  />`;
  const below = html`
    ${error && html`<p class="field-error" id=${`${id}-error`}><span aria-hidden="true">⚠ </span>${error}</p>`}
    ${block.hint && html`<p class="hint" id=${`${id}-hint`}>${block.hint.text}</p>`}
  `;
  if (isGroup)
    return html`<fieldset aria-describedby=${described || undefined}>
      <legend>${label}</legend>
      ${field}${below}
    </fieldset>`;
  if (!isField(element))
    return html`<p class="unknown">A field of the kind “${element.type}” is not drawn here yet.</p>`;
  return html`<label for=${id}>${label}</label>${field}${below}`;
}
