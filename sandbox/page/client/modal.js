import { useEffect, useRef, useState } from 'preact/hooks';
import { Blocks } from './blocks.js';
import { html } from './html.js';
import { Text } from './text.js';

/** The modal on top of a person's stack. It lies over the Slack window alone, so that one can turn to somebody else. */
export function Modal({ views, ctx, onSubmit, onClose }) {
  const view = views.at(-1);
  const box = useRef(null);
  const [isSending, setSending] = useState(false);
  const hasForm = view.submit !== undefined;
  const wrong = Object.keys(view.errors).join(' ');

  // A loading view becomes a form under the same id: then its first field is what one wants.
  useEffect(() => {
    const first = hasForm ? box.current.querySelector('.fields-of-view :is(input, select, textarea)') : null;
    const isTyping =
      box.current.contains(document.activeElement) && document.activeElement.matches('input, select, textarea');
    if (!isTyping) (first ?? box.current).focus();
  }, [view.id, hasForm]);
  useEffect(() => {
    const block = box.current.querySelector('.field-error')?.closest('.block');
    block?.querySelector('input, select, textarea')?.focus();
    block?.scrollIntoView({ block: 'nearest' });
  }, [wrong]);

  const submit = async (event) => {
    event.preventDefault();
    setSending(true);
    for (const keep of ctx.unsent.values()) await keep();
    await onSubmit();
    setSending(false);
  };
  const keys = (event) => {
    if (event.key === 'Escape') onClose(false);
  };
  return html`
    <div class="over">
      <form
        class="modal"
        role="dialog"
        aria-labelledby="modal-title"
        tabindex="-1"
        ref=${box}
        onSubmit=${submit}
        onKeyDown=${keys}
        novalidate
      >
        <header>
          <h2 id="modal-title">${view.title}</h2>
          ${views.length > 1 && html`<span class="depth">on top of ${views.length - 1} more</span>`}
          <button type="button" class="cross" aria-label="Close everything" onClick=${() => onClose(true)}>×</button>
        </header>
        <div class="fields-of-view"><${Blocks} blocks=${view.blocks} ctx=${ctx} /></div>
        <footer>
          <button type="button" class="button default" onClick=${() => onClose(false)}>${view.close}</button>
          ${hasForm && html`<button type="submit" class="button primary" aria-disabled=${isSending ? 'true' : undefined}>${isSending ? 'Sending…' : view.submit}</button>`}
        </footer>
      </form>
    </div>
  `;
}

/** The question that some buttons ask before they do anything. */
export function Confirm({ question, ctx, onAnswer }) {
  const box = useRef(null);
  useEffect(() => {
    box.current.showModal();
  }, []);
  const { title, text, confirm, deny, style = 'primary' } = question;
  const cancel = (event) => {
    event.preventDefault();
    onAnswer(false);
  };
  return html`
    <dialog class="confirm" ref=${box} aria-labelledby="confirm-title" onCancel=${cancel}>
      <h2 id="confirm-title">${title.text}</h2>
      <p><${Text} text=${text} ctx=${ctx} /></p>
      <footer>
        <button type="button" class="button default" onClick=${() => onAnswer(false)}>${deny.text}</button>
        <button type="button" class=${`button ${style}`} onClick=${() => onAnswer(true)}>${confirm.text}</button>
      </footer>
    </dialog>
  `;
}
