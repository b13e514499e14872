import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from './html.js';

const PAUSE_MS = 150;

/** A field in which one types, and the app says what there is to pick. */
export function SuggestedSelect({ block, element, ctx, id, described, error }) {
  const stands = ctx.valueOf(block, element)?.text?.text ?? '';
  const [typed, setTyped] = useState(undefined);
  const [at, setAt] = useState(0);
  const [picked, setPicked] = useState(undefined);
  const found = useSuggestions(typed, (query) => ctx.suggest(element, query));
  const close = () => setTyped(undefined);
  const pick = async (label) => {
    close();
    setPicked(label);
    await ctx.set(block, element, label);
    setPicked(undefined);
  };
  const type = (text) => {
    setTyped(text);
    setAt(0);
  };
  const isOpen = typed !== undefined;
  const keys = keysFor({ isOpen, found, at, setAt, pick, close });
  return html`
    <div class="suggested">
      <input
        type="text"
        role="combobox"
        id=${id}
        value=${typed ?? picked ?? stands}
        placeholder=${element.placeholder?.text ?? 'Type to search'}
        autocomplete="off"
        aria-expanded=${String(isOpen)}
        aria-controls=${`${id}-list`}
        aria-activedescendant=${found?.[at] && `${id}-${at}`}
        aria-autocomplete="list"
        aria-describedby=${described || undefined}
        aria-invalid=${invalid(error)}
        onFocus=${() => type('')}
        onInput=${(event) => type(event.currentTarget.value)}
        onBlur=${close}
        onKeyDown=${keys}
      />
      ${isOpen && html`<${Suggestions} id=${id} found=${found} at=${at} onPick=${pick} />`}
    </div>
  `;
}

function invalid(error) {
  return error ? 'true' : undefined;
}

function Suggestions({ id, found, at, onPick }) {
  // Before the field loses the focus, which would close the list.
  const press = (event, label) => {
    event.preventDefault();
    void onPick(label);
  };
  return html`<ul role="listbox" id=${`${id}-list`} aria-label="Suggestions">
    ${found === undefined && html`<li class="none">Looking…</li>`}
    ${found?.length === 0 && html`<li class="none">Nothing found. Type more letters, or others.</li>`}
    ${found?.map(
      (label, index) => html`
        <li
          key=${label}
          role="option"
          id=${`${id}-${index}`}
          aria-selected=${index === at ? 'true' : 'false'}
          onMouseDown=${(event) => press(event, label)}
        >
          ${label}
        </li>
      `,
    )}
  </ul>`;
}

/** The words for what was typed last; undefined while nothing is typed or the app has not answered. */
function useSuggestions(typed, ask) {
  const [found, setFound] = useState(undefined);
  const asked = useRef(0);
  useEffect(() => {
    asked.current += 1;
    const mine = asked.current;
    setFound(undefined);
    if (typed === undefined) return undefined;
    const show = async () => {
      const labels = await ask(typed).catch(() => []);
      if (mine === asked.current) setFound(labels);
    };
    const timer = setTimeout(() => void show(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return found;
}

const steps = { ArrowDown: 1, ArrowUp: -1 };

function keysFor({ isOpen, found, at, setAt, pick, close }) {
  return (event) => {
    if (!isOpen) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      if (found?.[at] !== undefined) void pick(found[at]);
    }
    const step = steps[event.key];
    if (step === undefined || !(found?.length > 0)) return;
    event.preventDefault();
    setAt((at + step + found.length) % found.length);
  };
}

/** A file from the disk of whoever tries the sandbox. */
export function FileInput({ block, element, ctx, id, described, error }) {
  const picked = (ctx.valueOf(block, element) ?? []).map(({ name }) => name);
  const change = async (event) => {
    const [file] = event.currentTarget.files;
    if (file !== undefined) await ctx.attach(element, file);
  };
  return html`
    <input
      type="file"
      id=${id}
      accept=${(element.filetypes ?? []).map((kind) => `.${kind}`).join(',')}
      aria-describedby=${described || undefined}
      aria-invalid=${invalid(error)}
      onChange=${change}
    />
    ${picked.length > 0 && html`<p class="hint">Picked: ${picked.join(', ')}</p>`}
  `;
}
