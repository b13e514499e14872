/** As e-mail addresses are compared and kept, wherever they come from. */
export function foldAddress(address: string): string {
  return address.trim().toLowerCase();
}
