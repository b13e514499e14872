/** What happened in the workspace. `kind` names it, `detail` says where; neither is needed to follow along. */
export interface Change {
  kind: 'message' | 'ephemeral' | 'view' | 'home' | 'people' | 'delivery' | 'call' | 'socket' | 'fault';
  detail: string;
}

export interface Changes {
  tell: (kind: Change['kind'], detail: string) => void;
  /** Returns the function that stops listening. */
  listen: (listener: (change: Change) => void) => () => void;
}

export function createChanges(): Changes {
  const listeners = new Set<(change: Change) => void>();

  return {
    tell(kind, detail) {
      for (const listener of listeners) listener({ kind, detail });
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
