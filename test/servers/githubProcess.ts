// A process of its own that is a service like GitHub, with the repositories given, until nobody listens to it any more.
import { startGithub, tokens } from '../contracts/targets/githubServer.ts';

const server = await startGithub();
for (const name of process.argv.slice(2)) {
  await server.witness.repos.createForAuthenticatedUser({ name, auto_init: true });
}
process.stdout.write(`${JSON.stringify({ url: server.url, token: tokens.owner })}\n`);
process.stdin.on('end', () => process.exit()).resume();
