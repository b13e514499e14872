/**
 * Rows in an order that differs from the one they were stored in. The platform promises no order for list items and
 * policy rules, and code that compares by position must fail here. The same key gives the same order.
 */
export function shuffled<Row>(rows: readonly Row[], key: number): Row[] {
  const result = [...rows];
  let seed = (key % 2147483646) + 1;
  for (let i = result.length - 1; i > 0; i--) {
    seed = (seed * 48271) % 2147483647;
    const j = seed % (i + 1);
    const [a, b] = [result[i], result[j]];
    if (a === undefined || b === undefined) continue;
    result[i] = b;
    result[j] = a;
  }
  return result;
}
