/**
 * What goes back in a PUT, which replaces everything: all that was read, but for the keys that belong to Cloudflare. Read
 * back, null says “not set”, and so does leaving the key out, which no route refuses.
 */
export function writable(
  raw: Readonly<Record<string, unknown>>,
  readOnly: ReadonlySet<string>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(raw).filter(([key, value]) => !readOnly.has(key) && value !== null && value !== undefined),
  );
}
