import { useEffect } from 'preact/hooks';
import { Blocks } from './blocks.js';
import { html } from './html.js';

/** The app's Home tab as one person sees it. Opening it tells the app, as in Slack. */
export function HomeTab({ view, me, ctx, onOpen, isCovered }) {
  useEffect(() => {
    void onOpen();
  }, [me.id]);
  return html`
    <section class="conversation" aria-label=${`Home tab, as ${me.name} sees it`} inert=${isCovered}>
      <div class="log home" tabindex="0">
        ${view === undefined ? html`<p class="empty">The app has published nothing here yet.</p>` : html`<${Blocks} blocks=${view.blocks} ctx=${ctx} />`}
      </div>
    </section>
  `;
}
