import { html } from './html.js';

const size = { width: 480, height: 250 };
const plot = { left: 42, right: 476, top: 12, bottom: 194 };

/** Slack's bar chart, about as Slack draws it. A table says the same for whoever doesn't see it. */
export function Chart({ block: { title, chart } }) {
  if (chart.type !== 'bar')
    return html`<p class="unknown">A chart of the kind “${chart.type}” is not drawn here yet.</p>`;
  const { series, axis_config: axis } = chart;
  const highest = Math.max(1, ...series.flatMap(({ data }) => data.map(({ value }) => value)));
  const slot = (plot.right - plot.left) / axis.categories.length;
  const width = (slot * 0.8) / series.length;
  const y = (value) => plot.bottom - (value / highest) * (plot.bottom - plot.top);
  return html`
    <figure class="chart">
      <figcaption>${title}</figcaption>
      <ul class="legend" aria-hidden="true">
        ${series.map(({ name }, of) => html`<li key=${name}><span class=${`mark series-${of}`}></span>${name}</li>`)}
      </ul>
      <svg viewBox=${`0 0 ${size.width} ${size.height}`} aria-hidden="true">
        ${[0, highest / 2, highest].map(
          (value) => html`
            <line x1=${plot.left} x2=${plot.right} y1=${y(value)} y2=${y(value)} />
            <text class="value" x=${plot.left - 6} y=${y(value) + 4}>${Number.isInteger(value) ? value : ''}</text>
          `,
        )}
        ${series.map(({ data }, of) =>
          data.map(
            ({ value }, at) =>
              html`<rect
                class=${`series-${of}`}
                x=${plot.left + (at + 0.1) * slot + of * width}
                y=${y(value)}
                width=${width}
                height=${plot.bottom - y(value)}
              />`,
          ),
        )}
        ${axis.categories.map(
          (label, at) =>
            html`<text class="category" x=${plot.left + (at + 0.5) * slot} y=${plot.bottom + 18}>${label}</text>`,
        )}
        ${axis.x_label && html`<text class="category" x=${(plot.left + plot.right) / 2} y=${size.height - 12}>${axis.x_label}</text>`}
      </svg>
      <table class="unseen">
        <caption>
          ${title}
        </caption>
        <thead>
          <tr>
            <th scope="col">${axis.x_label}</th>
            ${series.map(({ name }) => html`<th scope="col" key=${name}>${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${axis.categories.map(
            (label, at) => html`
              <tr key=${label}>
                <th scope="row">${label}</th>
                ${series.map(({ name, data }) => html`<td key=${name}>${data[at].value}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </figure>
  `;
}
