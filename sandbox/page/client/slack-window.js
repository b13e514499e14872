import { useEffect, useRef } from 'preact/hooks';
import { contextOfHome, contextOfMessage, contextOfView } from './contexts.js';
import { Conversation } from './conversation.js';
import { HomeTab } from './home-tab.js';
import { html } from './html.js';
import { Modal } from './modal.js';
import { Places } from './sidebar.js';

/** Slack, as one person has it before them at one place. */
export function SlackWindow({ look, me, here, reader, trouble, doing, dismiss, go, isNews }) {
  const view = look.views.at(-1);
  const unsent = useUnsent(view?.id);
  useReturnToLine(view !== undefined, me.id);
  const ctxFor = (message) => contextOfMessage(message, { reader, doing, isDm: here.kind === 'im' });
  const send = (text) => doing({ act: text.startsWith('/') ? 'types' : 'says', text, channel: here.id });
  const name = here.kind === 'im' || here.kind === 'home' ? here.name : `#${here.name}`;
  return html`
    <main class="slack">
      <div class="window-top">
        <h2>${name}</h2>
        <p>${me.name}, ${me.role}. Times in ${me.tz.replace('_', ' ')}.</p>
      </div>
      <${Places}
        places=${me.places}
        here=${here.id}
        hasNews=${(one) => one.id !== here.id && isNews(me, one)}
        onChoose=${(one) => go(me.handle, one.id)}
      />
      ${trouble && html`<${Trouble} says=${trouble} onDismiss=${dismiss} />`}
      <div class="window">
        ${
          here.kind === 'home'
            ? html`<${HomeTab}
                view=${look.home}
                me=${me}
                ctx=${look.home && contextOfHome(look.home, { reader, doing })}
                onOpen=${() => doing({ act: 'home' })}
                isCovered=${view !== undefined}
              />`
            : html`<${Conversation}
                look=${look}
                me=${me}
                place=${here}
                ctxFor=${ctxFor}
                onSend=${send}
                onShortcut=${(id) => doing({ act: 'shortcut', callbackId: id })}
                isCovered=${view !== undefined}
              />`
        }
        ${
          view &&
          html`<${Modal}
            key=${me.id}
            views=${look.views}
            ctx=${contextOfView(view, { reader, doing, unsent })}
            onSubmit=${() => doing({ act: 'submits' })}
            onClose=${(all) => doing({ act: 'closes', all })}
          />`
        }
      </div>
    </main>
  `;
}

function Trouble({ says, onDismiss }) {
  return html`
    <p class="trouble" role="alert">
      ${says} <button type="button" aria-label="Dismiss" onClick=${onDismiss}>×</button>
    </p>
  `;
}

/** Begins anew with each view. */
function useUnsent(viewId) {
  const kept = useRef({ viewId, fields: new Map() });
  if (kept.current.viewId !== viewId) kept.current = { viewId, fields: new Map() };
  return kept.current.fields;
}

/** When the last modal has closed, the line to write into is next; turning to somebody else is not closing. */
function useReturnToLine(isCovered, who) {
  const before = useRef({ isCovered, who });
  useEffect(() => {
    if (before.current.isCovered && !isCovered && before.current.who === who) document.querySelector('#line')?.focus();
    before.current = { isCovered, who };
  }, [isCovered, who]);
}
