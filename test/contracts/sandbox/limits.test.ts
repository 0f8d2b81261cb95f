import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { markedProcesses } from '../../../server/adapters/processes/family.ts';
import { nap, runningWith } from '../../support/naps.ts';
import { onLinux } from './everyUser.ts';
import type { HeldGround } from './heldGround.ts';

onLinux('a held command and its limits', (make) => {
  let ground: HeldGround;

  beforeEach(async () => {
    ground = await make({ ...process.env, SECRET_CANARY: 'canary', PATH: `${process.env.PATH}` });
  });

  afterEach(() => ground[Symbol.asyncDispose]());

  it('is given an environment in which no key is', async () => {
    const ran = await ground.run('env; cat /proc/self/environ /proc/1/environ | tr "\\0" "\\n"; set');
    assert.doesNotMatch(ran.output, /canary/i);
    assert.match(ran.output, /^HOME=\/tmp\/home$/m);
    assert.match(ran.output, /^PATH=\//m);
  });

  it('is given nothing that was open before it', async () => {
    const script = "import('./test/contracts/sandbox/openBefore.ts')";
    const shell = `exec 63>/tmp/butler-open-$$; rm /tmp/butler-open-$$; exec "$0" -e "${script}"`;
    const ran = spawnSync('/bin/bash', ['-c', shell, process.execPath], { encoding: 'utf8' });
    assert.deepEqual(ran.stdout.trim().split(/\s+/), ['0', '1', '2'], ran.stderr);
  });

  it('finds no program in the workspace, nor where everybody may put one', async () => {
    const trap = path.join(ground.workspace, 'bin');
    const open = path.join(ground.outside, 'open');
    for (const folder of [trap, open]) {
      await mkdir(folder);
      await writeFile(path.join(folder, 'ls'), '#!/bin/sh\necho trap\n', { mode: 0o755 });
    }
    await chmod(open, 0o777);
    const PATH = [trap, open, 'bin', '.', '', process.env.PATH].join(':');
    await using other = await make({ PATH });
    await symlink(trap, path.join(other.workspace, 'link'));
    const ran = await ground.run('echo "$PATH"');
    assert.doesNotMatch(ran.output, /work\/bin|open|(^|:)(:|\.|bin)/m);
    const search = (await other.run('echo "$PATH"')).output;
    assert.doesNotMatch(search, /open|(^|:)(:|\.|bin)/m);
  });

  it('ends when its time is over, with all that it started', async () => {
    const ran = await ground.run('sleep 100 & setsid sleep 100 & sleep 100', { limits: { seconds: 1 } });
    assert.equal(ran.stopped, 'time');
    assert.equal(ran.exit, null);
  });

  it('ends when it writes without end', async () => {
    const ran = await ground.run('yes', { limits: { output: 2_000_000 } });
    assert.equal(ran.stopped, 'output');
    assert.ok(ran.output.length < 1_200_000, 'and not all of it is kept');
  });

  it('ends when it starts processes without end', async () => {
    const bomb = `bomb${process.pid}`;
    // It doubles a few times between two looks: one that is let grow takes the processor from all other tests.
    const ran = await ground.run(`${bomb}() { sleep 0.03; ${bomb} | ${bomb} & }; ${bomb}; sleep 60`, {
      limits: { processes: 64, seconds: 30 },
    });
    assert.ok(ran.stopped === 'processes' || ran.exit !== 0, JSON.stringify(ran.stopped));
    assert.equal(runningWith(bomb), 0);
  });

  it('ends when it fills memory without end, alone or with others', async () => {
    const hog = `perl -e '$a .= "x" x 1000000 for 1..2000; sleep 9'`;
    const limits = { processMemory: 256 * 1024 * 1024, memory: 400 * 1024 * 1024, seconds: 30 };
    const alone = await ground.run(hog, { limits });
    assert.ok(alone.stopped === 'memory' || (alone.exit ?? 1) !== 0);
    const small = `perl -e '$a .= "x" x 1000000 for 1..100; sleep 20'`;
    const together = await ground.run(`for i in 1 2 3 4 5 6 7 8; do ${small} & done; wait`, { limits });
    assert.equal(together.stopped, 'memory');
  });

  it('fills neither the disk by one file nor memory by files', async () => {
    const limits = { file: 1024 * 1024, scratch: 4 * 1024 * 1024 };
    const one = await ground.run('head -c 3000000 /dev/zero > big', { limits });
    assert.notEqual(one.exit, 0);
    const many = await ground.run(
      'for i in 1 2 3 4 5 6 7 8 9; do head -c 900000 /dev/zero > /tmp/$i || exit 1; done',
      { limits },
    );
    assert.notEqual(many.exit, 0);
    for (const folder of ['/dev/shm', '/run', '/home', '/dev']) {
      const ran = await ground.run(`head -c 90000000 /dev/zero > ${folder}/x`);
      assert.notEqual(ran.exit, 0, folder);
    }
  });

  it('uses no more processor time than it is given', async () => {
    const ran = await ground.run('while :; do :; done', { limits: { cpuSeconds: 1, seconds: 55 } });
    assert.equal(ran.stopped, null);
    assert.notEqual(ran.exit, 0);
  });

  it('leaves nothing running when it ends', async () => {
    const one = nap(300);
    const ran = await ground.run(`setsid nohup ${one} >/dev/null 2>&1 & sleep 0.2; echo done`);
    assert.equal(ran.output, 'done\n');
    assert.deepEqual(markedProcesses('BUTLER_EXECUTION=gone'), []);
    assert.equal(runningWith(one), 0);
  });

  it('ends at once when it is stopped', async () => {
    const stop = new AbortController();
    const running = ground.run("trap '' TERM INT HUP; while :; do sleep 0.1; done", { signal: stop.signal });
    await new Promise((done) => setTimeout(done, 300));
    stop.abort('abort');
    assert.equal((await running).stopped, 'asked');
  });

  it('changes nothing of the kernel, of devices, of the clock and of its own walls', async () => {
    const name = (await readFile('/proc/sys/kernel/domainname', 'utf8')).trim();
    const settings = ['kernel/domainname', 'kernel/core_pattern', 'vm/overcommit_memory', 'fs/suid_dumpable'];
    const write = settings.map((one) => `cat /proc/sys/${one} > /proc/sys/${one}; echo $?`).join('; ');
    const ran = await ground.run(
      `(${write}) 2>/dev/null; find /proc/sys /sys -type f -writable 2>/dev/null | while read -r one; do { : >> "$one"; } 2>/dev/null && echo "open: $one"; done`,
    );
    assert.equal(ran.output, '1\n1\n1\n1\n');
    assert.equal((await readFile('/proc/sys/kernel/domainname', 'utf8')).trim(), name);
    for (const trick of [
      'mount -t tmpfs x /mnt',
      'mknod d b 8 0',
      'chroot / true',
      'nsenter -t 1 -m true',
      'unshare -U true',
    ]) {
      assert.notEqual((await ground.run(trick)).exit, 0, trick);
    }
  });

  it('sees no process but its own and cannot touch another', async () => {
    const other = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      const ran = await ground.run(
        `ls /proc | grep -c '^[0-9]'; kill -9 ${other.pid} ${process.pid}; ls /proc/${process.pid}`,
      );
      assert.ok(Number(ran.output.split('\n')[0]) < 8, ran.output);
      assert.equal(other.exitCode, null);
      assert.equal(other.signalCode, null);
    } finally {
      other.kill('SIGKILL');
    }
  });
});
