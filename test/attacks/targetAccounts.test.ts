import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { targets } from '../../server/adapters/targets/index.ts';
import type { Parcel, Target } from '../../server/core/ports/target.ts';
import { type Ground, makeGround } from '../contracts/tools/ground.ts';

type Config = Readonly<Record<string, unknown>>;

/** What a person set up, and what a repository may write in its place to be given the same credentials. */
const configs: Readonly<Record<string, { readonly own: Config; readonly hostile: readonly Config[] }>> = {
  github: {
    own: { repository: 'octo/site' },
    hostile: [
      { repository: 'octo/site', api: 'https://api.github.com.evil.example' },
      { repository: 'octo/site', api: 'https://evil.example/api.github.com' },
      { repository: 'octo/site', user: 'other' },
    ],
  },
  gist: {
    own: { visibility: 'secret' },
    hostile: [
      { visibility: 'secret', api: 'https://api.github.com.evil.example' },
      { visibility: 'secret', user: 'other' },
    ],
  },
  ftp: {
    own: { protocol: 'ftps', host: 'ftp.example.org', user: 'anna', folder: 'www' },
    hostile: [
      { protocol: 'ftp', host: 'ftp.example.org', user: 'anna', folder: 'www' },
      { protocol: 'sftp', host: 'ftp.example.org', user: 'anna', folder: 'www' },
      { protocol: 'ftps', host: 'evil.example', user: 'anna@ftp.example.org', folder: 'www' },
      { protocol: 'ftps', host: 'ftp.example.org', user: 'anna', folder: 'www', port: 2121 },
      { protocol: 'ftps', host: 'ftp.example.org', user: 'anna', folder: 'www', certificate: 'an authority' },
      { protocol: 'ftps', host: 'ftp.example.org.', user: 'anna', folder: 'www' },
    ],
  },
  s3: {
    own: { bucket: 'site', endpoint: 'https://s3.example.org' },
    hostile: [
      { bucket: 'site', endpoint: 'http://s3.example.org' },
      { bucket: 'site', endpoint: 'HTTP://s3.example.org' },
      { bucket: 'site', endpoint: 'https://s3.example.org:8443' },
      { bucket: 'site', endpoint: 'https://s3.example.org.evil.example' },
      { bucket: 'site', endpoint: 'https://s3.ex\u0430mple.org' },
      { bucket: 'site', endpoint: 'https://evil.example', account: 'default@s3.example.org' },
      { bucket: 'site' },
    ],
  },
  webdav: {
    own: { folder: 'https://cloud.example.org/dav', user: 'anna' },
    hostile: [
      { folder: 'http://cloud.example.org/dav', user: 'anna' },
      { folder: 'HTTP://cloud.example.org/dav', user: 'anna' },
      { folder: 'https://evil.example/cloud.example.org/dav', user: 'anna' },
      { folder: 'https://evil.example/dav', user: 'anna@cloud.example.org' },
      { folder: 'https://cloud.example.org@evil.example/dav', user: 'anna' },
      { folder: 'https://cloud.example.org:8443/dav', user: 'anna' },
      { folder: 'https://cloud.ex\u0430mple.org/dav', user: 'anna' },
    ],
  },
  youtube: {
    own: { channel: '@anna', madeForKids: false },
    hostile: [{ channel: '@other', madeForKids: false }, { madeForKids: false }],
  },
};

const remote = targets.filter(({ account }) => account !== undefined);

describe('an account of a target', () => {
  for (const target of remote) {
    it(`of ${target.name} is that of one place and one user: no other config comes to it`, () => {
      const { own, hostile } = configs[target.name] ?? assert.fail(`no cases for ${target.name}`);
      const mine = accountOf(target, own);
      assert.ok(mine);
      for (const config of hostile) {
        assert.notEqual(accountOf(target, config), mine, JSON.stringify(config));
      }
    });
  }
});

describe('a target whose account nobody connected', () => {
  let ground: Ground;
  let reached: string[];
  let stop: () => void;
  beforeEach(async () => {
    ground = await makeGround({});
    reached = [];
    stop = listenTo(reached);
  });
  afterEach(async () => {
    stop();
    await ground[Symbol.asyncDispose]();
  });

  for (const target of remote) {
    it(`of ${target.name} asks nothing of a network, and says what to do`, async () => {
      const { own } = configs[target.name] ?? assert.fail(`no cases for ${target.name}`);
      const config = target.config.parse(own);
      const context = { ...ground.context(), now: () => 0, credential: async () => null };
      const digest = await ground.blobs.put(new TextEncoder().encode('text'));
      const file = { path: 'clip.mp4', digest, size: 4, mime: 'video/mp4' };
      const parcel: Parcel = { deliverable: 'one', title: 'One', files: [file] };
      const acts = {
        plan: await target.plan(parcel, config, context),
        publish: await target.publish(parcel, config, context),
      };
      for (const [act, outcome] of Object.entries(acts)) {
        assert.ok(!outcome.ok, act);
        assert.equal(outcome.failure.kind, 'auth', `${act}: ${outcome.failure.what}`);
      }
      await target.reconcile(parcel, config, context).catch(() => null);
      const findings = (await target.check?.(config, context)) ?? [];
      assert.ok(findings.some(({ good }) => !good));
      assert.deepEqual(reached, []);
    });
  }

  it('would be seen to ask', async () => {
    const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    server.close();
    assert.equal(reached.length, 1);
  });
});

function accountOf(target: Target, config: Config): string | null {
  const parsed = target.config.safeParse(config);
  return parsed.success ? (target.account?.(parsed.data).id ?? null) : null;
}

/** Notes every connection that anything in this process begins, until it is told to stop. */
function listenTo(reached: string[]): () => void {
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (this: net.Socket, ...given: unknown[]) {
    reached.push(JSON.stringify(given[0]));
    return Reflect.apply(connect, this, given) as net.Socket;
  };
  return () => {
    net.Socket.prototype.connect = connect;
  };
}
