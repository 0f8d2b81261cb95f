import { failures } from '../../../protocol/failure.ts';
import { TargetFault } from '../targetFault.ts';
import type { RemoteFile, RemoteListing } from './remoteFolder.ts';

/** No folder that is published to holds more, whatever its server tells. */
export const mostEntries = 250_000;
/** Nor are all their paths together longer, in characters. */
const mostText = 32_000_000;

/** A listing that grows while a server is asked; what nobody can mean to publish to is a fault. */
export interface Gathering {
  readonly listing: RemoteListing;
  file(file: RemoteFile): void;
  folder(path: string): void;
  other(path: string): void;
}

/** Begins to gather. */
export function gathering(): Gathering {
  const listing = {
    files: [] as RemoteFile[],
    folders: [] as string[],
    others: [] as string[],
  };
  let entries = 0;
  let text = 0;
  const count = (path: string) => {
    entries++;
    text += path.length;
    if (entries > mostEntries || text > mostText) throw tooMuch();
  };
  return {
    listing,
    file: (file) => {
      count(file.path);
      listing.files.push(file);
    },
    folder: (path) => {
      count(path);
      listing.folders.push(path);
    },
    other: (path) => {
      count(path);
      listing.others.push(path);
    },
  };
}

/** The fault of a folder that nobody meant to publish to. */
export function tooMuch(): TargetFault {
  const what = 'The target folder holds too much, or too deep.';
  return new TargetFault(failures.invalid('target.config.folder', what, 'Choose a folder for it alone.'));
}
