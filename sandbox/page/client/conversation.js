import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from './html.js';
import { Message } from './message.js';

const examples = [
  '/ocs-access help',
  '/ocs-access add @ana',
  '/ocs-access revoke @ana',
  '/ocs-access session',
  '/ocs-access tunnel',
  '/ocs-access otp',
  '/ocs-access whoami',
  '/ocs-access logs access denied',
  '/ocs-access logs digest today',
];

/** The messages at one place, and the line to write into. */
export function Conversation({ look, me, place, ctxFor, onSend, onShortcut, isCovered }) {
  const log = useRef(null);
  const { messages } = look;
  const last = messages.at(-1)?.ts;
  useEffect(() => {
    log.current.scrollTop = log.current.scrollHeight;
  }, [last, place.id, me.id]);
  return html`
    <section class="conversation" aria-label=${`${place.name}, as ${me.name} sees it`} inert=${isCovered}>
      <div class="log" role="log" ref=${log} tabindex="0" aria-label="Messages">
        ${messages.length === 0 && html`<p class="empty">Nothing here yet. Type a command below, for example <code>/ocs-access help</code>.</p>`}
        ${messages.map((message) => html`<${Message} key=${message.ts} message=${message} look=${look} me=${me} ctxFor=${ctxFor} />`)}
      </div>
      <${Composer} me=${me} place=${place} shortcuts=${look.shortcuts} onSend=${onSend} onShortcut=${onShortcut} />
    </section>
  `;
}

function Composer({ me, place, shortcuts, onSend, onShortcut }) {
  const [text, setText] = useState('');
  const field = useRef(null);
  const take = (example) => {
    setText(example);
    field.current.focus();
  };
  const send = async (event) => {
    event.preventDefault();
    if (text.trim() === '') return;
    if (await onSend(text.trim())) setText('');
  };
  return html`
    <form class="composer" onSubmit=${send}>
      <p class="examples">
        <span>Try</span>
        ${examples.map((one) => html`<button type="button" key=${one} onClick=${() => take(one)}>${one}</button>`)}
        ${shortcuts.map(({ id, name }) => html`<button type="button" class="shortcut" key=${id} onClick=${() => onShortcut(id)}><span aria-hidden="true">⚡ </span>${name}<span class="unseen"> (shortcut)</span></button>`)}
      </p>
      <div class="line">
        <label class="unseen" for="line">Message or command, as ${me.name} in ${place.name}</label>
        <input
          id="line"
          ref=${field}
          value=${text}
          autocomplete="off"
          spellcheck="false"
          placeholder=${`Message ${place.kind === 'im' ? place.name : `#${place.name}`} as ${me.name}`}
          onInput=${(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="button primary">Send</button>
      </div>
    </form>
  `;
}
