import { ofEachTest } from '../../support/ofEachTest.ts';
import { setStage } from '../../support/stage.ts';
import { runButler } from '../../support/terminal.ts';
import { anthropicEvents as a } from '../providers/anthropicEvents.ts';
import { startWire, stream, type Wire } from '../providers/wire.ts';

/** A stage for each test of the suite in which this stands, and the program on it, which asks a model of the test's. */
export function modelledOfEachTest(answerTo: (body: string) => readonly (string | object)[]) {
  const wire: Wire = ofEachTest(
    () =>
      startWire((response, request) =>
        stream(a.start(), ...answerTo(wire.bodies.at(-1) ?? ''))(response, request),
      ),
    ({ close }) => close(),
  );
  const stage = ofEachTest(
    () => setStage({ serve: false }),
    ({ close }) => close(),
  );
  const butler = (...args: string[]) => {
    const environment = { BUTLER_ANTHROPIC_BASE_URL: wire.url, ANTHROPIC_API_KEY: 'k'.repeat(24) };
    return runButler(stage, args, { environment });
  };
  return { stage, butler };
}
