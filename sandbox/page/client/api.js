/** What one person sees at one place. */
export async function look(who, place) {
  return read(await fetch(`/look?${new URLSearchParams({ as: who, at: place })}`));
}

/** Deeds go out one after another, as a person does them: a field is filled before its form is sent. */
let before = Promise.resolve();

/** Resolves to what became of it; rejects with a sentence when the person could not do that at all. */
export function act(deed) {
  const body = JSON.stringify(deed);
  const headers = { 'content-type': 'application/json' };
  const mine = before.then(async () => read(await fetch('/act', { method: 'POST', headers, body })));
  before = mine.catch(() => undefined);
  return mine;
}

/** What the app suggests for a few typed letters, as the words that are shown. */
export async function suggest(asked) {
  const body = JSON.stringify({ act: 'suggestions', ...asked });
  return read(await fetch('/act', { method: 'POST', headers: { 'content-type': 'application/json' }, body }));
}

/** Lets something happen on the server or in the account. */
export async function happen(name) {
  return read(await fetch(`/happen/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' } }));
}

/** Calls back at each change, and whether the line to the sandbox is there. */
export function follow(onChange, onLine) {
  const source = new EventSource('/events');
  source.addEventListener('message', () => {
    onLine(true);
    onChange();
  });
  source.addEventListener('error', () => onLine(false));
  return () => source.close();
}

async function read(response) {
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? 'The sandbox did not answer.');
  return answer;
}
