import type { Crew } from '../conversations/crew.ts';
import { onYouTube } from './channelPlace.ts';
import { inFolder, onFtp, onS3, onSftp, onWebdav } from './folderPlaces.ts';
import { asGist, onGithub } from './githubPlaces.ts';
import type { Place } from './place.ts';

/** How a place is opened for a test, and why it is not opened in each run of the tests, where it is not. */
export interface PlaceKind {
  open(crew: Crew): Promise<Place>;
  readonly rare?: string;
}

const sameWay = 'another place plays its target';

/** Each place. */
export const places: Readonly<Record<string, PlaceKind>> = {
  local: { open: inFolder },
  s3: { open: onS3 },
  sftp: { open: onSftp },
  ftps: { open: onFtp('ftps') },
  'ftps-implicit': { open: onFtp('ftps-implicit'), rare: sameWay },
  ftp: { open: onFtp('ftp'), rare: sameWay },
  webdav: { open: onWebdav },
  github: { open: onGithub({ repository: 'octo/site' }) },
  'github, a commit': {
    open: onGithub({ repository: 'octo/site', mode: 'commit', folder: 'docs' }),
    rare: sameWay,
  },
  'github, a release': { open: onGithub({ repository: 'octo/site', mode: 'release' }), rare: sameWay },
  'github, pages': { open: onGithub({ repository: 'octo/site', mode: 'pages' }), rare: sameWay },
  'github, a new repository': {
    open: onGithub({ repository: 'octo/new', mode: 'commit', create: 'private' }),
    rare: sameWay,
  },
  gist: { open: asGist(null) },
  'gist, one that is there': { open: asGist('ab'.repeat(16)), rare: sameWay },
  youtube: { open: onYouTube },
};
