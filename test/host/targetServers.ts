// A process of its own: services that the extension publishes to in a real editor. It says where they are, and ends with its input.
import { startGithub, tokens } from '../contracts/targets/githubServer.ts';
import { startS3 } from '../servers/s3.ts';
import { startSshd } from '../servers/sshd.ts';

await using github = await startGithub();
await using s3 = await startS3();
await using sshd = await startSshd();
const places = {
  github: { url: github.url, token: tokens.owner },
  s3: { endpoint: s3.endpoint, directory: s3.directory, key: s3.key },
  sftp: {
    port: sshd.port,
    user: sshd.user,
    home: sshd.home,
    privateKey: sshd.keys.ed25519,
    fingerprint: sshd.fingerprint,
  },
};
export type TargetPlaces = typeof places;
process.stdout.write(`${JSON.stringify(places)}\n`);
for await (const _nothing of process.stdin);
