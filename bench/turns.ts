/** Lets several go on one at a time: who comes again hands the turn on and waits to have it back. */
export interface Turns {
  /** Resolves when it has the turn; a turn that it had goes on to the next one. */
  wait(who: string): Promise<void>;
  /** It will not come again. */
  leave(who: string): void;
}

/** How long nobody has the turn after one gave it up, in ms, so that what one left undone is not another's time. */
const rest = 2;

/** Turns of those named, in this order, from when all of them have come once. */
export function takeTurns(names: readonly string[]): Turns {
  const waiting = new Map<string, () => void>();
  let present = [...names];
  let holder: string | null = null;
  const pass = () => {
    const [next] = present;
    const go = next === undefined ? undefined : waiting.get(next);
    if (holder !== null || next === undefined || !go || waiting.size < present.length) return;
    holder = next;
    waiting.delete(next);
    setTimeout(go, rest);
  };
  const giveUp = (who: string, stays: boolean) => {
    if (holder === who) holder = null;
    present = present.filter((name) => name !== who);
    if (stays) present.push(who);
  };
  return {
    wait: (who) =>
      new Promise((resolve) => {
        if (holder === who) giveUp(who, true);
        waiting.set(who, resolve);
        pass();
      }),
    leave: (who) => {
      giveUp(who, false);
      pass();
    },
  };
}
