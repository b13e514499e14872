import { html } from './html.js';
import { faceOf, initialsOf } from './message.js';

/** Whom one acts as. A dot says that something new waits for them. */
export function People({ people, me, hasNews, onChoose }) {
  return html`
    <nav class="people" aria-label="Who you are">
      <h2>You are</h2>
      <ul>
        ${people.map(
          (person) => html`
            <li key=${person.id}>
              <button
                type="button"
                aria-current=${person.id === me.id ? 'true' : undefined}
                onClick=${() => onChoose(person)}
              >
                <span class=${`face ${faceOf(person.id)}`} aria-hidden="true">${initialsOf(person.name)}</span>
                <span class="who"
                  ><span class="name">${person.name}</span
                  ><span class="role">@${person.handle} · ${person.role}</span></span
                >
                ${hasNews(person) && html`<span class="dot"><span class="unseen">something new</span></span>`}
              </button>
            </li>
          `,
        )}
      </ul>
    </nav>
  `;
}

const signs = {
  public: html`<span class="sign" aria-hidden="true">#</span>`,
  private: html`<${Picture} path="M5 7V5a3 3 0 0 1 6 0v2m-7.5 0h9v6.5h-9z" />`,
  im: html`<${Picture} path="M2.5 3h11v7.5H8L4.5 13.5v-3h-2z" />`,
  home: html`<${Picture} path="M2.5 8 8 3l5.5 5M4 7v6.5h8V7" />`,
};
const kinds = { public: 'channel', private: 'private channel', im: 'direct messages with', home: 'tab of the app:' };

function Picture({ path }) {
  return html`<svg class="sign" viewBox="0 0 16 16" aria-hidden="true"><path d=${path} /></svg>`;
}

/** The channels of this person and their conversation with the bot. */
export function Places({ places, here, hasNews, onChoose }) {
  return html`
    <nav class="places" aria-label="Channels">
      <ul>
        ${places.map(
          (place) => html`
            <li key=${place.id}>
              <button
                type="button"
                aria-current=${place.id === here ? 'true' : undefined}
                onClick=${() => onChoose(place)}
              >
                ${signs[place.kind]}<span class="unseen">${kinds[place.kind]} </span>${place.name}
                ${hasNews(place) && html`<span class="dot"><span class="unseen">new messages</span></span>`}
              </button>
            </li>
          `,
        )}
      </ul>
    </nav>
  `;
}
