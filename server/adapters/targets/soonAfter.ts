/** A signal that follows another after so many ms: for what must still be done after a call-off, and can take too long. */
export function soonAfter(signal: AbortSignal, ms: number): { readonly signal: AbortSignal } & Disposable {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => late.abort(new DOMException('It took too long.', 'TimeoutError')), ms).unref();
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  return {
    signal: late.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', begin);
    },
  };
}
