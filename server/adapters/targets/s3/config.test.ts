import assert from 'node:assert/strict';
import { addressOf, urlOf } from './address.ts';
import { placeOf, S3Config, s3Account } from './config.ts';
import { fileHeaders, hasFingerprint } from './fileHeaders.ts';

const parse = (more: Record<string, unknown>) => S3Config.parse({ bucket: 'site', ...more });

describe('the config of a bucket', () => {
  it('leads to the host of the bucket, or names it in the path where it must', () => {
    const hostOf = (more: Record<string, unknown>) => addressOf(parse(more));
    assert.equal(hostOf({ region: 'eu-central-1' }), 'https://site.s3.eu-central-1.amazonaws.com/');
    assert.equal(hostOf({ region: 'cn-north-1' }), 'https://site.s3.cn-north-1.amazonaws.com.cn/');
    assert.equal(hostOf({ bucket: 'www.example.org' }), 'https://s3.us-east-1.amazonaws.com/www.example.org');
    assert.equal(
      hostOf({ endpoint: 'https://s3.example.org:9000', prefix: 'a/ü/' }),
      'https://s3.example.org:9000/site/a/%C3%BC',
    );
    assert.equal(
      hostOf({ endpoint: 'https://s3.example.org', pathStyle: false }),
      'https://site.s3.example.org/',
    );
  });

  it('binds the key to one service, whatever bucket a workspace names', () => {
    const idOf = (more: Record<string, unknown>) => s3Account(parse(more)).id;
    assert.equal(idOf({ region: 'eu-central-1' }), 's3 default@amazonaws.com');
    assert.equal(idOf({ endpoint: 'https://s3.example.org' }), 's3 default@s3.example.org');
    assert.notEqual(
      idOf({ endpoint: 'http://s3.example.org' }),
      idOf({ endpoint: 'https://s3.example.org' }),
    );
    assert.notEqual(
      idOf({ endpoint: 'https://s3.example.org:1' }),
      idOf({ endpoint: 'https://s3.example.org' }),
    );
    for (const bucket of ['evil.example', 'a.b']) {
      const { base } = placeOf(parse({ bucket, endpoint: 'https://s3.example.org', pathStyle: false }));
      assert.ok(base.hostname.endsWith('.s3.example.org'));
    }
  });

  it('is refused where it leads elsewhere', () => {
    const wrong = [
      { bucket: 'a/b' },
      { bucket: 'evil.example/#' },
      { bucket: 'UPPER' },
      { region: 'x.evil.example/' },
      { prefix: '/up' },
      { prefix: '../up' },
      { prefix: 'a/../up' },
      { prefix: 'a//b' },
      { prefix: 'a/.' },
      { prefix: 'a\nb' },
      { endpoint: 'https://user:word@s3.example.org' },
      { endpoint: 'https://s3.example.org/path' },
      { endpoint: 'ftp://s3.example.org' },
      { endpoint: 'file:///etc' },
      { account: 'a b' },
    ];
    for (const one of wrong) {
      assert.ok(!S3Config.safeParse({ bucket: 'site', ...one }).success, JSON.stringify(one));
    }
  });

  it('tells the address at which people see a file', () => {
    assert.equal(
      urlOf(parse({ url: 'https://www.example.org/' }), 'ü b.html'),
      'https://www.example.org/%C3%BC%20b.html',
    );
    assert.equal(
      urlOf(parse({ visibility: 'public', prefix: 'p' }), 'a.html'),
      'https://site.s3.us-east-1.amazonaws.com/p/a.html',
    );
    assert.equal(urlOf(parse({}), 'a.html'), null);
  });
});

describe('the headers of a file in a bucket', () => {
  it('let browsers keep what has a fingerprint for long, and anything else shortly', () => {
    for (const name of ['app.4f3a91c2.js', 'a/index-BX3kq9Zt.css', 'x-0a1b2c3d4e5f.min.js'])
      assert.ok(hasFingerprint(name), name);
    for (const name of [
      'index.html',
      'report-20260131.pdf',
      'index-component.js',
      'app.min.js',
      'deadbeef.js',
      'a-facadefeed.txt',
    ]) {
      assert.ok(!hasFingerprint(name), name);
    }
    const cacheOf = (path: string) =>
      fileHeaders(parse({}), path, { mime: 'text/css', digest: 'd' })['cache-control'];
    assert.equal(cacheOf('index.html'), 'public, max-age=60');
    assert.equal(cacheOf('app.4f3a91c2.js'), 'public, max-age=31536000, immutable');
    assert.equal(cacheOf('.butler-publish.json'), 'no-store');
  });

  it('say what it is and who may read it, and never anything else', () => {
    const of = (more: Record<string, unknown>, path: string, mime: string) =>
      fileHeaders(parse(more), path, { mime, digest: 'd' });
    assert.equal(of({}, 'a.txt', 'text/plain')['content-type'], 'text/plain; charset=utf-8');
    assert.equal(
      of({}, 'a.txt', 'text/plain\r\nx-amz-acl: public-read')['content-type'],
      'application/octet-stream',
    );
    assert.equal(of({}, 'a.txt', 'text/plain')['x-amz-acl'], undefined);
    assert.equal(of({ visibility: 'public' }, 'a.txt', 'text/plain')['x-amz-acl'], 'public-read');
    assert.equal(of({ visibility: 'public' }, '.butler-publish.json', 'text/plain')['x-amz-acl'], 'private');
    assert.equal(of({ visibility: 'private' }, 'a.txt', 'text/plain')['x-amz-acl'], 'private');
  });
});
