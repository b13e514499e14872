/** What one check found, in words for people. */
export interface Finding {
  readonly verdict: 'ok' | 'warning' | 'failure';
  /** A full sentence or two. */
  readonly says: string;
  /** What to do about it, in a full sentence. */
  readonly fix?: string;
}
