/** Makes a thing before each test of the suite in which this stands, and ends it after; answers what stands for the one of the test at hand. */
export function ofEachTest<T extends object>(
  make: () => T | Promise<T>,
  end: (made: T) => unknown = disposeOf,
): T {
  const at: { made?: T } = {};
  beforeEach(async () => {
    at.made = await make();
  });
  afterEach(async () => {
    const { made } = at;
    delete at.made;
    if (made) await end(made);
  });
  return standIn(() => at.made ?? atNoTest());
}

/** Stands for a thing that is another one in each test; what is read, called, set and spread is that of now. */
export function standIn<T extends object>(now: () => T): T {
  return new Proxy({} as T, {
    get: (_target, name) => Reflect.get(now(), name),
    set: (_target, name, value) => Reflect.set(now(), name, value),
    has: (_target, name) => Reflect.has(now(), name),
    ownKeys: () => Reflect.ownKeys(now()),
    getOwnPropertyDescriptor: (_target, name) => Reflect.getOwnPropertyDescriptor(now(), name),
  });
}

function disposeOf(made: Partial<AsyncDisposable>): unknown {
  return made[Symbol.asyncDispose]?.();
}

function atNoTest(): never {
  throw new Error('There is one in a test only.');
}
