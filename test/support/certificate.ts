import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** A certificate of a test that signed itself, for `localhost`. */
export interface MadeCertificate extends AsyncDisposable {
  /** PEM of the private key, and of the certificate. */
  readonly key: string;
  readonly cert: string;
  /** Where the certificate lies. */
  readonly file: string;
}

/** When a certificate is valid, as `openssl ca` writes moments. */
const times = {
  now: ['20200101000000Z', '20990101000000Z'],
  past: ['20200101000000Z', '20200201000000Z'],
  later: ['20980101000000Z', '20990101000000Z'],
} as const;

/** An authority of one certificate, the only one of openssl's commands that takes moments in the past. */
const authority = `[ca]
default_ca = own
[own]
database = index
rand_serial = yes
default_md = sha256
policy = names
x509_extensions = others
[names]
commonName = supplied
[others]
subjectAltName = DNS:localhost
`;

/** Makes one with openssl in a folder that goes with it. */
export async function makeCertificate(valid: keyof typeof times = 'now'): Promise<MadeCertificate> {
  const folder = await mkdtemp(path.join(tmpdir(), 'butler-certificate-'));
  const at = (name: string) => path.join(folder, name);
  const openssl = (command: string) => promisify(execFile)('openssl', command.split(' '), { cwd: folder });
  const [from, to] = times[valid];
  await writeFile(at('config'), authority);
  await writeFile(at('index'), '');
  const kind = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost';
  await openssl(`req -new ${kind} -keyout key -out request`);
  const signing = `-config config -selfsign -keyfile key -startdate ${from} -enddate ${to}`;
  await openssl(`ca -batch -notext ${signing} -in request -out cert -outdir .`);
  return {
    key: await readFile(at('key'), 'utf8'),
    cert: await readFile(at('cert'), 'utf8'),
    file: at('cert'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
