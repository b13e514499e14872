import { Blocks } from './blocks.js';
import { clockTime } from './dates.js';
import { html } from './html.js';
import { mrkdwn } from './text.js';

/** One message with its thread below it. `ctxFor` makes what its blocks need. */
export function Message({ message, look, me, ctxFor }) {
  const ctx = ctxFor(message);
  const author = authorOf(message, look);
  return html`
    <article
      class=${message.isEphemeral ? 'message ephemeral' : 'message'}
      aria-label=${`${author.name}, ${clockTime(message.ts, me.tz)}`}
    >
      <span class=${`face ${author.face}`} aria-hidden="true">${author.initials}</span>
      <div class="body">
        ${message.isEphemeral && html`<p class="only-you">Only visible to you</p>`}
        <p class="by">
          <strong>${author.name}</strong>${author.isApp && html`<span class="app">APP</span>`}
          <time>${clockTime(message.ts, me.tz)}</time>
        </p>
        ${
          // Where there are blocks, the text only feeds notifications.
          message.blocks.length > 0
            ? html`<${Blocks} blocks=${message.blocks} ctx=${ctx} />`
            : html`<p class="plain">${mrkdwn(message.text, ctx)}</p>`
        }
        ${message.files.map((file) => html`<${File} key=${file.id} file=${file} />`)}
        ${
          message.replies.length > 0 &&
          html`<div class="thread" role="group" aria-label="Replies">
            ${message.replies.map((reply) => html`<${Message} key=${reply.ts} message=${reply} look=${look} me=${me} ctxFor=${ctxFor} />`)}
          </div>`
        }
      </div>
    </article>
  `;
}

function File({ file: { name, title, picture, text, alt } }) {
  if (picture === undefined) {
    const address = `data:text/plain;charset=utf-8,${encodeURIComponent(text)}`;
    return html`<p class="file">📎 <a href=${address} download=${name}>${title}</a></p>`;
  }
  return html`<figure class="picture">
    <figcaption>${title}</figcaption>
    <img src=${picture} alt=${alt || title} />
  </figure>`;
}

function authorOf(message, { names, botId }) {
  if (message.from === 'slack') return { name: 'Slackbot', initials: 'S', face: 'face-slack', isApp: false };
  const isApp = message.user === botId || message.from === 'ack' || message.from === 'response_url';
  const name = isApp ? (names[botId] ?? 'app') : (names[message.user] ?? message.user);
  return { name, initials: initialsOf(name), face: isApp ? 'face-app' : faceOf(message.user), isApp };
}

export function initialsOf(name) {
  return name
    .split(/[\s-]+/)
    .map((word) => word[0] ?? '')
    .join('')
    .slice(0, 2)
    .toUpperCase();
}

/** The same colour for the same person, always. */
export function faceOf(id) {
  const sum = [...id].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 9973, 0);
  return `face-${sum % 6}`;
}
