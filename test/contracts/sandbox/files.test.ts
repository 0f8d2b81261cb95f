import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { skipBecause } from '../../run/countReporter.ts';
import { until } from '../../support/until.ts';
import { onLinux } from './everyUser.ts';
import type { HeldGround } from './heldGround.ts';

onLinux('a held command and the files', (make) => {
  let ground: HeldGround;

  beforeEach(async () => {
    ground = await make();
  });
  afterEach(() => ground[Symbol.asyncDispose]());

  it('works in the workspace as anywhere else', async () => {
    const ran = await ground.run(
      'mkdir -p a/b && echo hello > a/b/c && mv a/b/c d && cat d && rm -r a && pwd',
    );
    assert.equal(ran.output, `hello\n${ground.workspace}\n`);
    assert.equal(ran.exit, 0);
    assert.equal(await ground.read('d'), 'hello\n');
    assert.deepEqual(await readdir(ground.workspace), ['d'], 'nothing is left of the sandbox');
  });

  it('writes nowhere outside of it', async () => {
    const places = [
      ground.outside,
      ground.own,
      homedir(),
      '/usr',
      '/etc',
      '/var',
      '/opt',
      '/dev',
      '/run',
      '/',
    ];
    for (const place of places) {
      const file = path.join(place, 'butler-escaped');
      const ran = await ground.run(
        `echo x > '${file}' 2>/dev/null; cp /etc/hostname '${file}'; ln -s x '${file}'`,
      );
      assert.notEqual(ran.exit, 0, place);
      assert.ok(!existsSync(file), place);
    }
  });

  it('has a folder of its own for passing files, of which nothing is left', async () => {
    const ran = await ground.run(
      'echo x > /tmp/butler-passing && echo "$TMPDIR" && ls -A "$HOME" /tmp | wc -l',
    );
    assert.equal(ran.exit, 0, ran.output);
    assert.ok(!existsSync('/tmp/butler-passing'));
  });

  it('does not follow a link out of the workspace', async () => {
    await symlink(ground.outside, path.join(ground.workspace, 'way'));
    const ran = await ground.run('mkdir -p ../outside/z; echo y > ../outside/file; echo x > way/file');
    assert.notEqual(ran.exit, null);
    assert.deepEqual(await readdir(ground.outside), []);
  });

  const guarded = {
    'package.json': '{}',
    'AGENTS.md': 'rules',
    '.vscode/settings.json': '{}',
    '.git/config': '[core]',
    '.git/hooks/pre-commit': '',
    'deep/down/.mcp.json': '{}',
    'deep/Makefile': 'all:',
    '.butler/abilities.json': '[]',
  };
  const ways: Readonly<Record<string, (file: string) => string>> = {
    'by redirection': (file) => `echo evil > ${file}`,
    'by appending': (file) => `echo evil >> ${file}`,
    'in place': (file) => `sed -i s/^/evil/ ${file}`,
    'by renaming over it': (file) => `echo evil > other && mv -f other ${file}`,
    'by taking it away': (file) => `rm -f ${file}`,
    'by renaming it': (file) => `mv ${file} elsewhere`,
    'by a link to it': (file) => `ln -s "$PWD/${file}" way && echo evil > way`,
    'by a second name': (file) => `ln ${file} second && echo evil > second`,
    'by its mode': (file) => `chmod 777 ${file}`,
    'by unmounting': (file) => `umount ${file}; mount -o remount,rw ${file}; echo evil > ${file}`,
    'from a namespace of its own': (file) => `unshare -rm sh -c 'umount ${file}; echo evil > ${file}'`,
    'through its process': (file) =>
      `echo evil > /proc/self/cwd/${file}; echo evil > /proc/1/root$PWD/${file}`,
    'through a program': (file) => `perl -e 'open F, ">", "${file}"; print F "evil"'`,
  };
  for (const [way, command] of Object.entries(ways)) {
    it(`cannot change what is guarded ${way}`, async () => {
      for (const [file, content] of Object.entries(guarded)) await ground.write(file, content);
      const all = Object.keys(guarded).map((file) => `${command(file)}; rm -f other way second`);
      await ground.run(all.join('\n'));
      for (const [file, content] of Object.entries(guarded)) {
        assert.equal(await ground.read(file), content, file);
        assert.equal((await stat(path.join(ground.workspace, file))).mode & 0o002, 0, file);
      }
    });
  }

  it('cannot put another folder in the place of one that holds what is guarded', async () => {
    await ground.write('deep/package.json', '{}');
    const ran = await ground.run('mv deep gone && mkdir deep && echo evil > deep/package.json');
    assert.deepEqual(ran.aside, ['deep/package.json']);
    assert.ok(!existsSync(path.join(ground.workspace, 'deep/package.json')));
    assert.equal(await ground.read('gone/package.json'), '{}');
  });

  it('leaves no guarded file that was not there: it is put aside, not lost', async () => {
    const ran = await ground.run(
      'mkdir -p sub/.vscode && echo evil > sub/.vscode/tasks.json; echo evil > AGENTS.md; echo A=1 > x.env; ln -s a .mcp.json',
    );
    assert.deepEqual([...ran.aside].sort(), ['.mcp.json', 'AGENTS.md', 'sub/.vscode', 'x.env']);
    assert.deepEqual(await readdir(ground.workspace), ['sub']);
    assert.equal(await readFile(path.join(ran.asideFolder, 'AGENTS.md'), 'utf8'), 'evil\n');
  });

  it('hides none of them behind a heap of others', async () => {
    const ran = await ground.run(
      'mkdir -p z/deep heap && for i in $(seq 1 1600); do echo x > heap/$i.env; done; echo evil > z/deep/AGENTS.md',
    );
    assert.ok(ran.aside.includes('z/deep/AGENTS.md'));
    assert.equal(ran.aside.length, 1601);
    assert.deepEqual((await readdir(path.join(ground.workspace, 'heap'))).length, 0);
  });

  it('cannot make the folders that rule editor, git or butler, not even for a moment', async () => {
    for (const name of ['.vscode', '.git', '.butler', '.idea']) {
      const ran = await ground.run(`mkdir -p ${name}/x || echo evil > ${name}/tasks.json`);
      assert.notEqual(ran.exit, 0, name);
    }
    const ran = await ground.run('git init -q . && git config core.fsmonitor ./evil');
    assert.notEqual(ran.exit, 0);
    assert.deepEqual(await readdir(ground.workspace), []);
  });

  it('keeps what a person wrote at the same time', async () => {
    await ground.write('package.json', '{}');
    const running = ground.run('touch ready; while [ ! -e go ]; do sleep 0.02; done');
    await until(() => existsSync(path.join(ground.workspace, 'ready')));
    await ground.write('package.json', '{"by":"a person"}');
    await ground.write('go', '');
    assert.deepEqual((await running).aside, []);
    assert.equal(await ground.read('package.json'), '{"by":"a person"}');
  });

  it('lets be what another call was allowed to write at the same time', async () => {
    ground.allowed.push(path.join(ground.workspace, 'sub/package.json'));
    const ran = await ground.run('mkdir sub; echo {} > sub/package.json; echo evil > sub/AGENTS.md');
    assert.deepEqual(ran.aside, ['sub/AGENTS.md']);
    assert.equal(await ground.read('sub/package.json'), '{}\n');
  });

  it('holds none in a workspace that is, or holds, a home folder or our own', async () => {
    const signal = new AbortController().signal;
    for (const workspace of ['/', homedir(), path.dirname(homedir()), ground.own, path.dirname(ground.own)]) {
      if (workspace === '/' && homedir() === '/') continue;
      const checked = await ground.sandbox.check(workspace, signal);
      assert.ok(!checked.ok && /Open the folder of the project alone/.test(checked.failure.mend), workspace);
    }
    assert.ok((await ground.sandbox.check(ground.workspace, signal)).ok);
  });

  it("reads none of the system's own secrets", async () => {
    const files = [
      '/etc/shadow',
      '/etc/gshadow',
      '/etc/ssh/ssh_host_*',
      '/etc/ssl/private/*',
      '/etc/sudoers.d/*',
    ];
    const ran = await ground.run(`cat ${files.join(' ')} 2>/dev/null | wc -c`);
    assert.equal(ran.output.trim(), '0');
  });

  it('changes what a person allowed it to, and nothing else that is guarded', async () => {
    await ground.write('package.json', '{}');
    await ground.write('.git/config', 'old');
    await ground.write('.git/HEAD', 'old');
    const mayChange = ['package.json', '.git/config', 'new/package.json'].map((file) =>
      path.join(ground.workspace, file),
    );
    const ran = await ground.run(
      'echo new > package.json; echo new > .git/config; mkdir new; echo new > new/package.json; echo new > .git/HEAD',
      { mayChange },
    );
    assert.deepEqual(ran.aside, []);
    const all = ['package.json', '.git/config', 'new/package.json', '.git/HEAD'];
    const found = await Promise.all(all.map((file) => ground.read(file)));
    assert.deepEqual(found, ['new\n', 'new\n', 'new\n', 'old']);
  });

  it('reads no secrets of the workspace, unless a person allowed one', async () => {
    await ground.write('.env', 'TOKEN=canary');
    await ground.write('deep/server.pem', 'canary');
    await ground.write('.ssh/id_ed25519', 'canary');
    await ground.write('.npmrc', 'canary');
    const all = 'cat .env deep/server.pem .ssh/id_ed25519 .npmrc; grep -r canary .; true';
    assert.doesNotMatch((await ground.run(all)).output, /canary/);
    const mayRead = [path.join(ground.workspace, '.env')];
    assert.match((await ground.run('cat .env', { mayRead })).output, /canary/);
  });

  it("sees nothing of people's home folders, of our own and of what waits on sockets", async () => {
    await writeFile(path.join(ground.own, 'butler.db'), 'canary');
    await writeFile(path.join(ground.outside, 'notes'), 'canary');
    const socket = path.join(ground.outside, 'agent.sock');
    const server = createServer((line) => line.end('canary')).listen(socket);
    try {
      const ran = await ground.run(
        `cat ${ground.own}/butler.db ${ground.outside}/notes; ls -A ${homedir()} /home /root /run 2>/dev/null; socat - UNIX-CONNECT:${socket}; true`,
      );
      assert.doesNotMatch(ran.output, /canary|\.ssh|\.aws|\.config|\.bash_history|\.docker|\.netrc/);
    } finally {
      server.close();
    }
  });

  it('finds a socket that stands in the open closed', async function () {
    if (process.getuid?.() !== 0) skipBecause(this, 'only root can be another user');
    const folder = `/opt/butler-socket-${process.pid}`;
    await mkdir(folder);
    const server = createServer((line) => line.end('canary')).listen(path.join(folder, 'open.sock'));
    try {
      const ran = await ground.run(`socat - UNIX-CONNECT:${folder}/open.sock; true`);
      assert.doesNotMatch(ran.output, /canary/);
    } finally {
      server.close();
      spawnSync('rm', ['-rf', folder]);
    }
  });

  it('is not fooled by links that bear guarded names', async () => {
    await ground.write('docs/rules.md', 'old');
    await symlink('docs/rules.md', path.join(ground.workspace, 'AGENTS.md'));
    await ground.write('conf', 'old');
    await link(path.join(ground.workspace, 'conf'), path.join(ground.workspace, '.npmrc'));
    await ground.run('echo evil > AGENTS.md; echo evil > docs/rules.md; echo evil > .npmrc');
    assert.equal(await ground.read('docs/rules.md'), 'old');
    assert.equal(await ground.read('.npmrc'), 'old');
    const ran = await ground.run('rm AGENTS.md; echo evil > AGENTS.md');
    assert.deepEqual(ran.aside, ['AGENTS.md']);
  });
});
