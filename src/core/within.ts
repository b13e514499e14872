/**
 * What `work` comes to if it is there within `ms`, and after that what `late` returns or throws. What becomes of late work,
 * failures included, is nobody’s concern any more.
 */
export async function within<T>(ms: number, work: Promise<T>, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    // The race goes on listening to the loser: work that fails late is no unhandled rejection.
    return await Promise.race([work, over.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}
