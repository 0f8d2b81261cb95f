import assert from 'node:assert/strict';
import { type Loopback, listen } from '../../support/loopback.ts';
import { onLinux } from './everyUser.ts';
import type { HeldGround } from './heldGround.ts';

onLinux('a held command and the network', (make) => {
  let ground: HeldGround;
  let server: Loopback;
  const asked: string[] = [];

  beforeEach(async () => {
    ground = await make();
    asked.length = 0;
    server = await listen((request, response) => {
      asked.push(request.url ?? '');
      response.end('reached');
    });
  });

  afterEach(async () => {
    await server.close();
    await ground[Symbol.asyncDispose]();
  });

  it('reaches nobody, not even this machine', async () => {
    const ran = await ground.run(
      `curl -sm 2 http://127.0.0.1:${server.port}/; curl -sm 2 http://localhost:${server.port}/; echo x > /dev/tcp/127.0.0.1/${server.port}; true`,
    );
    assert.doesNotMatch(ran.output, /reached/);
    assert.deepEqual(asked, []);
    const devices = await ground.run('tail -n +3 /proc/net/dev | cut -d: -f1');
    assert.equal(devices.output.trim(), 'lo');
  });

  it('reaches a host that was granted, and no other', async () => {
    const hosts = [`localhost:${server.port}`];
    const granted = await ground.run(`curl -sm 30 http://localhost:${server.port}/granted`, { hosts });
    assert.equal(granted.output, 'reached');
    const others = await ground.run(
      `curl -sm 30 http://127.0.0.1:${server.port}/a; curl -sm 30 http://localhost:1/b; curl -sm 30 --noproxy '*' http://localhost:${server.port}/c; curl -sm 30 http://example.org/; true`,
      { hosts },
    );
    assert.doesNotMatch(others.output, /reached/);
    assert.deepEqual(asked, ['/granted']);
  });

  it('grants a host to one command alone', async () => {
    const hosts = [`localhost:${server.port}`];
    const [granted, other] = await Promise.all([
      ground.run(`sleep 0.3; curl -sm 30 http://localhost:${server.port}/granted`, { hosts }),
      ground.run(`sleep 0.3; curl -sm 30 http://localhost:${server.port}/other`, { hosts: ['example.org'] }),
    ]);
    assert.equal(granted.output, 'reached');
    assert.doesNotMatch(other.output, /reached/);
    assert.deepEqual(asked, ['/granted']);
  });

  it('keeps walls, limits and exit code with the network open', async () => {
    await ground.write('package.json', '{}');
    const ran = await ground.run('echo evil > package.json; exit 7', { hosts: ['example.org'] });
    assert.equal(ran.exit, 7);
    assert.equal(await ground.read('package.json'), '{}');
  });
});
