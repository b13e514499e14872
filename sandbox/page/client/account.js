import { useRef } from 'preact/hooks';
import { Exports } from './exports.js';
import { html } from './html.js';
import { Sessions, Tunnel } from './tunnel.js';

const SHOWN = 4;
const gettingIn = { yes: 'gets in', soon: 'gets in soon', no: 'stays out' };

/** The Cloudflare account in plain words. What has come since the page was opened is marked. */
export function Account({ account, onHappen }) {
  const first = useRef(undefined);
  first.current ??= {
    serials: new Set(account.serials.items.map(({ value }) => value)),
    people: new Map(account.doors.map(({ policy, people }) => [policy, new Set(people)])),
    calls: account.callCount,
  };
  const known = first.current;
  const fresh = account.callCount - known.calls;
  return html`
    <section class="account" aria-label="Cloudflare account">
      <h2>Cloudflare <span>${account.team}</span></h2>

      <h3>At the door of Open Chat Studio</h3>
      <ul class="door">
        ${account.people.map(
          (person) => html`
            <li key=${person.email} class=${person.getsIn}>
              <span class="verdict">${gettingIn[person.getsIn]}</span>
              <span><strong>${person.name}</strong> <span class="why">${person.why}</span></span>
            </li>
          `,
        )}
      </ul>

      <${Tunnel} tunnels=${account.tunnels} server=${account.server} onHappen=${onHappen} />
      <${Sessions} sessions=${account.sessions} />
      <${Exports} exports=${account.exports} />

      <${Items}
        title="Registered computers"
        what=${`in the list “${account.serials.name}”`}
        items=${account.serials.items.map(({ value, description }) => ({ value, words: description }))}
        isNew=${(value) => !known.serials.has(value)}
      />
      ${account.doors.map(
        ({ app, policy, people }) => html`
          <${Items}
            key=${policy}
            title=${app === 'Open Chat Studio' ? 'People with access' : 'May connect a device'}
            what=${`in the policy “${policy}”`}
            items=${people.toSorted().map((value) => ({ value, words: '' }))}
            isNew=${(value) => !(known.people.get(policy)?.has(value) ?? false)}
          />
        `,
      )}
      ${account.requires.map((rule) => html`<p key=${rule} class="small">The policy also requires: ${rule}</p>`)}

      <h3>
        Calls of the bot
        <span class="count"
          >${fresh === 0 ? 'none since you opened this page' : `${fresh} since you opened this page`}</span
        >
      </h3>
      <ol class="calls" tabindex="0" aria-label="Calls, newest first">
        ${account.calls.map(
          (call) => html`
            <li key=${`${call.to} ${call.number}`} title=${`${call.to}: ${call.method} ${call.path}`}>
              <span class=${`method ${call.method}`}>${call.method}</span>
              <span class="says">${call.to === 'Docker' && html`<span class="to">Docker</span> `}${call.says}</span>
              <span class=${call.status >= 400 ? 'status bad' : 'status'}
                >${call.status === 0 ? '…' : call.status}</span
              >
              <span class="ms">${call.ms === undefined ? '' : `${call.ms} ms`}</span>
            </li>
          `,
        )}
      </ol>
    </section>
  `;
}

function Items({ title, what, items, isNew }) {
  const ordered = [...items.filter(({ value }) => isNew(value)), ...items.filter(({ value }) => !isNew(value))];
  const shown = ordered.slice(0, SHOWN);
  const rest = ordered.slice(SHOWN);
  const line = ({ value, words }) => html`
    <li key=${value} class=${isNew(value) ? 'new' : ''}>
      <span class="value">${value}</span>${isNew(value) && html`<span class="badge">new</span>`}
      ${words && html`<span class="words">${words}</span>`}
    </li>
  `;
  return html`
    <h3>${title} <span class="count">${items.length} ${what}</span></h3>
    <ul class="items">
      ${shown.map(line)}
    </ul>
    ${
      rest.length > 0 &&
      html`<details>
        <summary>${rest.length} more</summary>
        <ul class="items">
          ${rest.map(line)}
        </ul>
      </details>`
    }
  `;
}
