import assert from 'node:assert/strict';
import { mostTries } from '../../../server/core/network.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import { remedies } from '../../../server/core/retry.ts';
import type { Entry } from '../../../server/protocol/journal.ts';
import type { Stage } from '../providers/listen.ts';
import { type Fault, faults, type Scene } from '../providers/subject.ts';
import { storyOf } from './story.ts';
import { diligent, type Outcome, requests, setTrials, type Trials } from './trial.ts';
import { type Voice, voices } from './voices.ts';

/** Which request of a job meets a fault, counted from 0, and how often. */
interface Misfortune {
  readonly at: number;
  readonly times: number;
}

for (const voice of voices) {
  describe(`a job of two calls with ${voice.name}`, () => {
    let trials: Trials;
    let sound: Stage;
    let whole: Outcome;
    let count = 0;
    before(async () => {
      trials = await setTrials();
      sound = await voice.open(diligent);
      whole = await trials.run([{ ...sound.provider, name: 'sound' }]);
      assert.equal(whole.job.state, 'completed');
    });
    after(async () => {
      assert.equal(await trials.verify(), 'clean');
      await trials.close();
      await sound.close();
    });

    const meets = (scene: Fateful, misfortune: Misfortune, ...others: Provider[]) =>
      trials.run([{ ...beset(sound.provider, scene, misfortune), name: `beset-${count++}` }, ...others]);

    it('is done where an answer to a result is empty', async () => {
      const at = requests - 1;
      const outcome = await meets(sceneOf(voice, 'the answer is empty') ?? assert.fail(), { at, times: 1 });
      assert.deepEqual(failuresOf(outcome.entries), []);
      const begun = upTo(storyOf(whole.entries), at);
      const story = storyOf(outcome.entries);
      assert.deepEqual(story.slice(0, begun.length), begun);
      assert.deepEqual(
        story.slice(begun.length).map(({ type, body }) => [type, body]),
        [
          ['message.added', { parts: [] }],
          ['job.completed', undefined],
        ],
      );
      isRight(outcome);
    });

    eachFault(voice, (fault, kind, scene) => {
      const { tries, elsewhere } = remedies[kind];
      const places = placesOf(fault);
      const middle = places[Math.floor(places.length / 2)] ?? 0;

      it(`${tries > 1 ? 'is done all the same' : `fails as ${kind}`} when it is so once`, async () => {
        for (const at of places) {
          const outcome = await meets(scene, { at, times: 1 });
          assert.deepEqual(failuresOf(outcome.entries), [kind]);
          if (kind === 'tooLong' && isShortened(outcome)) isRight(outcome);
          else if (tries > 1) isWhole(outcome, whole);
          else isBegun(outcome, whole, { at, kind });
        }
      });

      it(`fails as ${kind} when it stays so`, async () => {
        const outcome = await meets(scene, { at: middle, times: Number.POSITIVE_INFINITY });
        isBegun(outcome, whole, { at: middle, kind });
        const waits = kind === 'offline' ? mostTries : 0;
        assert.equal(failuresOf(outcome.entries).length, tries * (1 + waits));
      });

      const helps = elsewhere && kind !== 'tooLong';
      it(`${helps ? 'goes on with another provider' : 'asks no other in vain'} when it stays so`, async () => {
        const other = { ...sound.provider, name: `other-${count++}` };
        const outcome = await meets(scene, { at: middle, times: Number.POSITIVE_INFINITY }, other);
        if (helps) isWhole(outcome, whole);
        else isBegun(outcome, whole, { at: middle, kind });
        const switches = outcome.entries.filter(({ type }) => type === 'provider.switched');
        assert.equal(switches.length, helps ? 1 : 0);
      });
    });
  });
}

/** The requests that a fault can meet; an empty answer to a result is none, but the end. */
function placesOf(fault: Fault): readonly number[] {
  return fault === 'the answer is empty' ? [0] : Array.from({ length: requests }, (_, at) => at);
}

/** A scene in which a provider meets a fault. */
type Fateful = Extract<Scene<null>, { readonly set: unknown }>;

/** Goes through the faults that a provider can meet. */
function eachFault(
  voice: Voice,
  rows: (fault: Fault, kind: (typeof faults)[Fault], scene: Fateful) => void,
): void {
  for (const fault of Object.keys(faults) as Fault[]) {
    const scene = sceneOf(voice, fault);
    if (scene) describe(fault, () => rows(fault, faults[fault], scene));
  }
}

/** How a provider meets a fault; `null` where it cannot. */
function sceneOf({ faults: scenes }: Voice, fault: Fault): Fateful | null {
  const scene = 'deviates' in scenes ? scenes : scenes[fault];
  return 'deviates' in scene ? null : scene;
}

/** A provider of which one request goes astray so many times, after so many that did not. */
function beset(sound: Provider, scene: Fateful, { at, times }: Misfortune): Provider {
  let answered = 0;
  let left = times;
  return {
    ...sound,
    async *stream(request, signal) {
      if (answered === at && left-- > 0) {
        const { provider, close } = await scene.set();
        try {
          yield* provider.stream(request, signal);
        } finally {
          await close();
        }
      } else {
        answered++;
        yield* sound.stream(request, signal);
      }
    },
  };
}

/** Nothing is missing, doubled or half, in the journal, in what a person reads, and in the world. */
function isWhole(outcome: Outcome, whole: Outcome): void {
  assert.deepEqual(storyOf(outcome.entries), storyOf(whole.entries));
  assert.equal(outcome.told, whole.told);
  assert.deepEqual(outcome.lines, ['once']);
  assert.equal(outcome.restarts, failuresOf(outcome.entries).length);
}

/** Whether what was said had to be told in short, so that the page may have been read again. */
function isShortened({ entries }: Outcome): boolean {
  return entries.some(({ type }) => type === 'context.compacted');
}

/** The job is done, and its line written once. */
function isRight({ job, lines }: Outcome): void {
  assert.equal(job.state, 'completed');
  assert.deepEqual(lines, ['once']);
}

/** The job is as far as it came before the request that failed, and says why it ended. */
function isBegun(outcome: Outcome, whole: Outcome, { at, kind }: { at: number; kind: string }): void {
  const { state, failure } = outcome.job;
  assert.deepEqual([state, failure?.kind], ['failed', kind]);
  const story = storyOf(outcome.entries);
  assert.deepEqual(story.slice(0, -1), upTo(storyOf(whole.entries), at));
  assert.equal(story.at(-1)?.type, 'job.failed');
  assert.deepEqual(outcome.lines, at > 1 ? ['once'] : []);
  assert.equal(outcome.restarts, failuresOf(outcome.entries).length);
  assert.ok(failuresOf(outcome.entries).every((one) => one === kind));
}

/** What was told before the message of a number, counted from 0. */
function upTo<T extends { readonly type: string }>(story: readonly T[], message: number): T[] {
  const messages = story.flatMap(({ type }, index) => (type === 'message.added' ? [index] : []));
  return story.slice(0, messages[message]);
}

/** The failed tries of a job, by the kind of their failure. */
function failuresOf(entries: readonly Entry[]): string[] {
  return entries.flatMap((entry) => (entry.type === 'attempt.failed' ? [entry.data.failure.kind] : []));
}
