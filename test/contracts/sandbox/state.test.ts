import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSandbox } from '../../../server/adapters/sandbox/openSandbox.ts';
import { kindOf } from '../tools/ground.ts';

describe('the state of the sandbox on Linux', () => {
  if (process.platform !== 'linux') return;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'butler-state-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const openWith = async (script: string | null) => {
    if (script) await writeFile(path.join(folder, 'bwrap'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return openSandbox({ home: folder, ownFolders: [], environment: {}, rg: 'rg', programs: [folder] });
  };

  it('is that nothing holds where bubblewrap is missing, forbidden or too old, and says what mends it', async () => {
    const cases = [
      { script: null, why: /not installed/, mend: /apt-get install bubblewrap/ },
      { script: 'exit 1', why: /does not let bubblewrap/, mend: /user namespaces/ },
      { script: 'case "$*" in *--disable-userns*) exit 1;; esac', why: /too old/, mend: /0\.8/ },
    ];
    for (const { script, why, mend } of cases) {
      const sandbox = await openWith(script);
      const state = await sandbox.state();
      assert.ok(!state.holds);
      assert.match(state.why, why);
      assert.match(state.mend, mend);
    }
  });

  it('keeps a command from being run as one that is held', async () => {
    const sandbox = await openWith('exit 1');
    const { signal } = new AbortController();
    assert.equal(kindOf(await sandbox.check(folder, signal)), 'tool');
  });

  it('is looked at anew once it was mended', async () => {
    const sandbox = await openWith(null);
    assert.equal((await sandbox.state()).holds, false);
    await writeFile(path.join(folder, 'bwrap'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    assert.equal((await sandbox.state()).holds, true);
  });
});
