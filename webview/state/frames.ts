/** Runs a function at most once a frame, soon also where no frames come because the window is hidden. */
export function oncePerFrame(run: () => void, page: Window): { ask(): void; stop(): void } {
  let frame = 0;
  let timer = 0;
  const now = () => {
    page.cancelAnimationFrame(frame);
    page.clearTimeout(timer);
    frame = 0;
    timer = 0;
    run();
  };
  return {
    ask() {
      if (frame !== 0) return;
      frame = page.requestAnimationFrame(now);
      timer = page.setTimeout(now, 200);
    },
    stop() {
      page.cancelAnimationFrame(frame);
      page.clearTimeout(timer);
      frame = 0;
    },
  };
}
