import { html } from './html.js';

/** What leaves the account, and the files by which a bucket proves whose it is. Nothing before the first of them. */
export function Exports({ exports: { jobs, files } }) {
  if (jobs.length === 0 && files.length === 0) return null;
  return html`
    <h3>Exports of logs</h3>
    <ul class="items">
      ${jobs.map(
        ({ id, name, to, isOn }) => html`
          <li key=${id}>
            <span class="value">${to}</span><span class="words">${name}, ${isOn ? 'on' : 'paused'}</span>
          </li>
        `,
      )}
      ${files.map(
        ({ name, bucket, token }) => html`
          <li key=${name}>
            <span class="words">The file ${name} in ${bucket} says:</span><span class="value">${token}</span>
          </li>
        `,
      )}
    </ul>
  `;
}
