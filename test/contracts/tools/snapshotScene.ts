import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { openSnapshots, type Snapshots } from '../../../server/adapters/snapshots/snapshots.ts';
import { type Ground, makeGround, value } from './ground.ts';

/** A workspace with a bit of everything, and snapshots of it. */
export interface Scene extends AsyncDisposable {
  readonly ground: Ground;
  readonly home: string;
  readonly snapshots: Snapshots;
  /** Runs a shell line as a command would be, and answers what undoing it wants. */
  run(line: string): Promise<unknown>;
  /** Everything in the workspace but what lies in `.git` folders. */
  tree(): Promise<Record<string, string>>;
}

/** Sets a scene. */
export async function setScene(): Promise<Scene> {
  const ground = await makeGround();
  const home = path.join(path.dirname(ground.workspace), 'own');
  const snapshots = openSnapshots({ home });
  shell(ground.workspace, seed);
  return {
    ground,
    home,
    snapshots,
    run: async (line) => {
      const context = ground.context();
      const { signal, execution } = context;
      const before = value(await snapshots.take(ground.workspace, execution, signal));
      shell(ground.workspace, line);
      return value(await snapshots.finish(before, context))?.undo;
    },
    tree: async () => treeOf(ground.workspace),
    [Symbol.asyncDispose]: () => ground[Symbol.asyncDispose](),
  };
}

const seed = `
mkdir -p a/b/c docs empty/deep built logs node_modules/p nested/in
printf 'one\\n' > a/one.txt; printf '\\000\\001\\377' > a/b/bytes; : > a/b/nothing
printf 'x\\r\\ny\\r\\n' > docs/windows.txt; printf '$Id$' > docs/ident.txt
printf 'run' > a/run.sh; chmod 750 a/run.sh; printf 'mine' > a/private; chmod 600 a/private
ln -s one.txt a/link; ln -s /etc/hostname a/out; ln -s nowhere a/dangling
printf 'n' > "$(printf 'n\\351.txt')"; printf 'b' > 'back\\slash'; printf 's' > ' spaced  name'; printf 'g' > 'GIT~1'
printf 'kept' > a/b/c/.hidden; chmod 700 a/b/c
printf 'node_modules/\\n*.log\\n' > .gitignore; printf 'p' > node_modules/p/i; printf 'log' > logs/old.log
printf 'obj' > built/o.log
(cd nested && git init -q . && printf 'inner' > in/file && git add . && git -c user.name=n -c user.email=n@n commit -qm n)
`;

/** Runs a line of shell, which must go well. */
export function shell(cwd: string, line: string): void {
  execFileSync('/bin/sh', ['-e', '-c', line], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Everything below a folder but what lies in `.git` folders; each byte of a name is one character. */
export function treeOf(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const list = execFileSync('find', ['.', '-name', '.git', '-prune', '-o', '-print0'], { cwd: folder });
  for (const name of list.toString('latin1').split('\0').slice(0, -1)) {
    const at = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
    const stat = lstatSync(at);
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink()) found[name] = `link ${readlinkSync(at)}`;
    else if (stat.isDirectory()) found[name] = `folder ${mode}`;
    else found[name] = `file ${mode} ${stat.isFile() ? readFileSync(at).toString('latin1') : 'special'}`;
  }
  return found;
}
