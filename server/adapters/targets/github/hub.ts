import type { Api } from './api.ts';
import type { Place } from './config.ts';

/** One repository with the API that it is asked through. */
export interface Hub extends Disposable {
  readonly api: Api;
  readonly place: Place;
  /** The path of the repository in the API. */
  readonly at: string;
}

/** The repository of a place; with it its API is closed. */
export function hubOf(api: Api, place: Place): Hub {
  const at = `/repos/${place.owner}/${place.name}`;
  return { api, place, at, [Symbol.dispose]: () => api[Symbol.dispose]() };
}

/** The same repository, all of whose requests end at a signal. */
export function hubUntil({ api, place }: Hub, signal: AbortSignal): Hub {
  return hubOf(api.until(signal), place);
}
