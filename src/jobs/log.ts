/** What jobs need of the logger. Messages are static, what differs goes into the facts. */
export interface Log {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
