import { html } from './html.js';
import { anchor, breakLines, dateElement, mention } from './text.js';

/** A rich_text block, or the rich text inside another one. */
export function RichText({ block, ctx }) {
  return html`<div class="rich">${(block?.elements ?? []).map((part) => draw(part, ctx))}</div>`;
}

const parts = {
  rich_text_section: (part, ctx) => html`<p>${part.elements.map((one) => piece(one, ctx))}</p>`,
  rich_text_quote: (part, ctx) => html`<blockquote>${part.elements.map((one) => piece(one, ctx))}</blockquote>`,
  rich_text_preformatted: (part, ctx) => html`<pre>${part.elements.map((one) => piece(one, ctx))}</pre>`,
  rich_text_list: (part, ctx) => {
    const items = part.elements.map((item) => html`<li>${item.elements.map((one) => piece(one, ctx))}</li>`);
    const depth = `depth-${Math.min(part.indent ?? 0, 4)}`;
    if (part.style !== 'ordered')
      return html`<ul class=${depth}>
        ${items}
      </ul>`;
    return html`<ol class=${depth} start=${(part.offset ?? 0) + 1}>
      ${items}
    </ol>`;
  },
};

function draw(part, ctx) {
  return parts[part.type]?.(part, ctx) ?? html`<p class="unknown">(${part.type})</p>`;
}

const pieces = {
  text: (one) => breakLines([one.text]),
  link: (one) => anchor(one.url, one.text ?? one.url),
  user: (one, ctx) => mention('@', one.user_id, undefined, ctx),
  usergroup: (one, ctx) => mention('@', one.usergroup_id, undefined, ctx),
  channel: (one, ctx) => mention('#', one.channel_id, undefined, ctx),
  broadcast: (one) => html`<span class="mention">@${one.range}</span>`,
  emoji: (one) =>
    one.unicode ? String.fromCodePoint(...one.unicode.split('-').map((hex) => parseInt(hex, 16))) : `:${one.name}:`,
  date: (one, ctx) => dateElement(one.timestamp, one.format, one.fallback, ctx),
};

const styles = {
  code: (inside) => html`<code>${inside}</code>`,
  bold: (inside) => html`<strong>${inside}</strong>`,
  italic: (inside) => html`<em>${inside}</em>`,
  strike: (inside) => html`<s>${inside}</s>`,
  underline: (inside) => html`<u>${inside}</u>`,
};

function piece(one, ctx) {
  const inside = pieces[one.type]?.(one, ctx) ?? `(${one.type})`;
  return Object.keys(styles)
    .filter((name) => one.style?.[name] === true)
    .reduce((drawn, name) => styles[name](drawn), inside);
}
