import { setTimeout as pause } from 'node:timers/promises';
import { type CancellationToken, CancellationTokenSource, l10n, ProgressLocation, window } from 'vscode';
import type { Outcome } from '../server/protocol/failure.ts';

/** What ends sooner, in ms, is not shown to be under way. */
const shownAfter = 400;

/** Shows that something goes on, once it does so for a while, with the way to call it off. */
export async function underWay<T>(
  title: string,
  work: (cancel: CancellationToken) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const stopping = new CancellationTokenSource();
  const working = work(stopping.token).finally(() => stopping.dispose());
  const soon = await Promise.race([working, pause(shownAfter)]);
  if (soon) return soon;
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  const outcome = await window.withProgress(options, (_progress, cancel) => {
    cancel.onCancellationRequested(() => stopping.cancel());
    return working;
  });
  if (!outcome.ok && outcome.failure.kind === 'cancelled') {
    const text = l10n.t('Called off. What was done until then stays, and stands in the activity.');
    window.setStatusBarMessage(text, 8_000);
  }
  return outcome;
}
