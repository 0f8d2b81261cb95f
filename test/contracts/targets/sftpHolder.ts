// A process of its own that holds an SFTP folder open until it is killed.
import { userInfo } from 'node:os';
import { text } from 'node:stream/consumers';
import { openSftpFolder } from '../../../server/adapters/targets/ftp/sftpFolder.ts';
import { ftp } from '../../../server/adapters/targets/ftp.ts';

const { port, home, ...credential } = JSON.parse(await text(process.stdin));
const user = userInfo().username;
const config = ftp.config.parse({ protocol: 'sftp', host: '127.0.0.1', port, user, folder: home });
const place = { config, address: 'sftp://somewhere', url: () => null };
const ground = { workspace: '', confirmed: new Map() };
const opened = await openSftpFolder(place, credential, ground, new AbortController().signal);
process.stdout.write(`${opened.ok}\n`);
