import { html } from './html.js';

const states = { running: 'is running', exited: 'has stopped' };

/** What the tunnel and its server are like, and what one can make happen to them. */
export function Tunnel({ tunnels, server, onHappen }) {
  return html`
    <h3>Tunnel and server</h3>
    ${tunnels.map(
      ({ id, name, status, connectors }) => html`
        <${State} key=${id} of=${status} words=${`${name} ${status === 'deleted' ? 'was deleted' : `is ${status}`}`} />
        ${connectors.map((words) => html`<p key=${words} class="small">${words}</p>`)}
      `,
    )}
    ${server.containers.map(({ name, state }) => html`<${State} key=${name} of=${state} words=${`The container ${name} ${states[state]}`} />`)}
    <${Happenings} tunnels=${tunnels} server=${server} onHappen=${onHappen} />
  `;
}

function State({ of, words }) {
  return html`<p class=${`tunnel ${of}`}><span class="sign" aria-hidden="true">● </span>${words}</p>`;
}

function Happenings({ tunnels, server, onHappen }) {
  const { containers, comesBack } = server;
  const isRunning = containers.some(({ state }) => state === 'running');
  const isStopped = containers.some(({ state }) => state === 'exited');
  const isThere = tunnels.some(({ status }) => status !== 'deleted');
  const isConnected = tunnels.some(({ connectors }) => connectors.length > 0);
  const button = (words, name, { can = true, pressed } = {}) => html`
    <button type="button" disabled=${!can} aria-pressed=${pressed} onClick=${() => onHappen(name)}>${words}</button>
  `;
  return html`
    <div class="happen" role="group" aria-label="Make something happen">
      ${button('Stop cloudflared', 'stop-cloudflared', { can: isRunning })}
      ${button('Start cloudflared', 'start-cloudflared', { can: isStopped })}
      ${button('It never comes back', comesBack ? 'never-comes-back' : 'comes-back', { pressed: String(!comesBack) })}
      ${button('Lose two connections', 'lose-two-connections', { can: isConnected })}
      ${button('Delete the tunnel', 'delete-tunnel', { can: isThere })}
    </div>
    ${!isThere && html`<p class="small">It comes back when the sandbox is started anew.</p>`}
  `;
}

/** How long people stay signed in. */
export function Sessions({ sessions }) {
  return html`
    <h3>Session lengths</h3>
    <dl class="sessions">
      ${sessions.map(
        ({ what, length, note }) => html`
          <dt>${what} ${note && html`<span class="small">${note}</span>`}</dt>
          <dd>${length}</dd>
        `,
      )}
    </dl>
  `;
}
