import { createMemoryStore } from '../builders/memory-store.ts';
import { describeStore } from './store.ts';

describeStore('the store that tests use', async () => ({
  store: createMemoryStore({ now: () => Date.now() }),
  close: async () => {},
}));
