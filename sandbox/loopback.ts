/** Whether an origin (`http://127.0.0.1:4600`) is this machine: what the sandboxes' controls answer to. */
export function isLoopback(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(origin).hostname);
}

/** A page elsewhere must not drive the sandbox through the reader's browser, under a name of its own or from its own site. */
export function isFromHere(host: string | undefined, origin: string | undefined): boolean {
  return isLoopback(`http://${host ?? ''}`) && (origin === undefined || origin === '' || isLoopback(origin));
}
