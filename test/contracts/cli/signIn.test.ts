import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atHome, program } from '../../support/terminal.ts';

describe('signing in from a terminal', () => {
  it('prints where to go, opens nothing where nobody sits there, and says what came of it', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'butler-sign-in-'));
    await mkdir(path.join(folder, '.butler'));
    const ability = {
      id: 'films',
      name: 'Films',
      description: '',
      provider: 'offline',
      model: '',
      prompt: '',
    };
    const target = { type: 'youtube', config: { madeForKids: false } };
    const abilities = [{ ...ability, deliverable: 'video', target }];
    await writeFile(path.join(folder, '.butler/abilities.json'), JSON.stringify({ abilities }));
    const env = atHome({ home: path.join(folder, 'home') });
    const child = spawn(process.execPath, [program, 'target', 'sign-in', 'films', '--stdin'], {
      cwd: folder,
      env: { ...env, PATH: folder },
    });
    const exited = once(child, 'exit') as Promise<[number]>;
    try {
      child.stdin.end('{"clientId":"the-client"}');
      let said = '';
      let page = '';
      for await (const piece of child.stderr) {
        said += String(piece);
        const address = /https:\/\/accounts\.google\.com\/\S+\n/.exec(said)?.[0];
        if (!address || page) continue;
        const asked = new URL(address.trim()).searchParams;
        const back = `${asked.get('redirect_uri')}?error=access_denied&state=${asked.get('state')}`;
        page = await (await fetch(back)).text();
      }
      const [status] = await exited;
      assert.notEqual(status, 0);
      assert.match(page, /did not work/);
      assert.match(said, /not allowed to let the butler in/);
    } finally {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    }
  });
});
