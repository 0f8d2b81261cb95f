import Mocha from 'mocha';
import CountReporter from '../run/countReporter.ts';

/** What the extension host calls: runs every suite in it, and fails when one of its tests does. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', reporter: CountReporter, timeout: 60_000 });
  const wanted = process.env.BUTLER_TEST_GREP;
  if (wanted) mocha.grep(new RegExp(wanted));
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./activation.test.ts');
  await import('./views.test.ts');
  await import('./wizard.test.ts');
  await import('./jobs.test.ts');
  await import('./delivery.test.ts');
  await import('./artifacts.test.ts');
  await import('./targets.test.ts');
  await import('./safety.test.ts');
  await import('./activity.test.ts');
  await import('./providers.test.ts');
  await import('./mcp.test.ts');
  await import('./languageModels.test.ts');
  await import('./editorInsight.test.ts');
  await import('./terminal.test.ts');
  await import('./worker.test.ts');
  await import('./silence.test.ts');
  const failed = await new Promise<number>((ended) => mocha.run(ended));
  if (failed > 0) throw new Error(`${failed} tests failed.`);
}
