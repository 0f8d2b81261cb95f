import Mocha from 'mocha';

interface Skippable {
  readonly title: string;
  readonly parent?: Skippable | undefined;
  skipReason?: string;
}

/** Skips the running test, or the suite of the running hook, for a reason that the report prints. */
export function skipBecause(context: Mocha.Context, reason: string): never {
  const runnable = context.runnable() as unknown as Skippable & { type: string };
  const skipped = runnable.type === 'hook' ? (runnable.parent ?? runnable) : runnable;
  skipped.skipReason = reason;
  return context.skip();
}

/** Mocha's own list, the reason under each skipped test, and a closing line that a script can read. */
class CountReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on('pending', (test) => {
      console.log(`    skipped because ${reasonOf(test as Skippable) ?? 'nobody said why'}`);
    });
  }

  override epilogue(): void {
    super.epilogue();
    console.log(closingLine(this.stats));
  }
}

/** The line that ends every stage. */
export function closingLine(stats: Pick<Mocha.Stats, 'passes' | 'failures' | 'pending'>): string {
  return `${stats.passes} passed, ${stats.failures} failed, ${stats.pending} skipped`;
}

function reasonOf(test: Skippable | undefined): string | undefined {
  return test && (test.skipReason ?? reasonOf(test.parent));
}

export { CountReporter as default };
