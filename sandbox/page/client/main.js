import { render } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Account } from './account.js';
import { html } from './html.js';
import { Confirm } from './modal.js';
import { People } from './sidebar.js';
import { SlackWindow } from './slack-window.js';
import { useSandbox } from './use-sandbox.js';

function Page() {
  const sandbox = useSandbox();
  if (sandbox.look === undefined) return html`<p class="wait">${sandbox.trouble || 'Opening the sandbox…'}</p>`;
  return html`<${Room} ...${sandbox} />`;
}

function Room({ look, trouble, isHere, go, doing, happening, dismiss }) {
  const [question, setQuestion] = useState(undefined);
  const me = look.people.find(({ handle }) => handle === look.who) ?? look.people[0];
  const here = me.places.find(({ id }) => id === look.place);
  const isNews = useNews(me, here);

  const confirm = (asked) => new Promise((resolve) => setQuestion({ asked, resolve }));
  const answer = (isYes) => {
    question.resolve(isYes);
    setQuestion(undefined);
  };
  /** The new person's place is the same one, if they can see it. */
  const become = (person) => go(person.handle, (person.places.find(({ id }) => id === here.id) ?? person.places[0]).id);
  const reader = { me: me.id, names: look.names, timeZone: me.tz, everybody: look.everybody, confirm };
  return html`
    <header class="top">
      <h1>ocs-access <span>sandbox</span></h1>
      <p>Nothing here is real: a make-believe Slack, Cloudflare and Docker, with the real bot between them.</p>
      <p class=${isHere ? 'line-state' : 'line-state lost'} role="status">
        ${isHere ? 'Live' : 'The sandbox has stopped or does not answer. Start it again with npm run sandbox.'}
      </p>
    </header>
    <${People}
      people=${look.people}
      me=${me}
      hasNews=${(person) => person.id !== me.id && person.places.some((one) => isNews(person, one))}
      onChoose=${become}
    />
    <${SlackWindow}
      look=${look}
      me=${me}
      here=${here}
      reader=${reader}
      trouble=${trouble}
      doing=${doing}
      dismiss=${dismiss}
      go=${go}
      isNews=${isNews}
    />
    <aside>
      <${Account} account=${look.account} onHappen=${happening} />
      ${look.suspicious.length > 0 && html`<${Suspicious} seen=${look.suspicious} />`}
    </aside>
    ${question && html`<${Confirm} question=${question.asked} ctx=${reader} onAnswer=${answer} />`}
  `;
}

function Suspicious({ seen }) {
  return html`
    <section class="suspicious" aria-label="Suspicious">
      <h2>The real ones would not have put up with</h2>
      <ul>
        ${seen.map((one) => html`<li key=${one}>${one}</li>`)}
      </ul>
    </section>
  `;
}

/** Whether a place holds something that its person has not been shown since this page was opened. */
function useNews(me, here) {
  const seen = useRef(new Map());
  seen.current.set(`${me.id} ${here.id}`, here.newest);
  return (person, { id, newest }) => newest > (seen.current.get(`${person.id} ${id}`) ?? '');
}

render(html`<${Page} />`, document.querySelector('#page'));
