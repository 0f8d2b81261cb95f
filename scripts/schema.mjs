// Writes docs/protocol from server/protocol.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { protocolDocuments } from '../test/architecture/protocolSchema.ts';

const root = path.join(import.meta.dirname, '..');
for (const [file, text] of await protocolDocuments()) {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
  console.log(`${file} ${text.length} bytes`);
}
