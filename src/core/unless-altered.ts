import { PermanentError } from './errors.ts';

/** What is read of the audit log. Undefined: somebody altered it so that it can’t be read. Else throws like the store. */
export async function unlessAltered<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof PermanentError) return undefined;
    throw error;
  }
}
