// One reading at a time.

/** Makes of `work` a function whose calls, while one is running, are joined into one more run after it. */
export function joined(work) {
  let running = null;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await work();
    } while (again);
  };
  return () => {
    if (running) again = true;
    else running = run().finally(() => (running = null));
    return running;
  };
}
