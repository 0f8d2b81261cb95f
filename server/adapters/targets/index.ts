import type { Target } from '../../core/ports/target.ts';
import { ftp } from './ftp.ts';
import { gist } from './gist.ts';
import { github } from './github.ts';
import { local } from './local.ts';
import { s3 } from './s3.ts';
import { webdav } from './webdav.ts';
import { youtube } from './youtube.ts';

/** Every target that there is: a new one is one file and one word here. */
export const targets: readonly Target[] = [
  local,
  github as Target,
  gist as Target,
  ftp as Target,
  s3 as Target,
  webdav as Target,
  youtube as Target,
];
