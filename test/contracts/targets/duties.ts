/** What every target must show, whatever it is. */
export const duties = {
  config: 'refuses a wrong config',
  account: 'asks nothing before its account is connected',
  credentials: 'says so when the credentials are wrong',
  rights: 'says so when it may not write, and leaves nothing',
  room: 'says so when there is no room, or a limit is reached',
  taken: 'says so when a name is taken by something of others',
  names: 'refuses names that lead elsewhere',
  scripts: 'publishes names of every script, and files without a byte',
  large: 'carries a gibibyte with flat memory',
  many: 'sends one file when one of many changed',
  check: 'checks without writing',
  plan: 'shows before publishing what it would do',
  undo: 'goes back to what stood there before',
  changed: 'takes nothing back that was changed since',
  found: 'finds its publication again by the execution',
  stopped: 'leaves nothing when it is called off',
  killed: 'stands once or not at all when its process is killed',
  cut: 'stands once or not at all when the network is cut',
} as const;
export type Duty = keyof typeof duties;

/** The test that shows it, by its file and a part of its name; or why there is nothing to show. */
export type Shown = { readonly file: string; readonly test: string } | { readonly because: string };

const by = (file: string, test: string): Shown => ({ file, test });

/** What all folders elsewhere show by the suites that each of them runs. */
const remote: Readonly<Record<Duty, Shown>> = {
  config: by('remoteSuite.ts', 'refuses a wrong config'),
  account: by('remoteFaultSuite.ts', 'asks nothing before its account is connected'),
  credentials: by('remoteFaultSuite.ts', 'says so when the credentials are wrong'),
  rights: by('remoteFaultSuite.ts', 'says so when it may not write'),
  room: by('remoteFaultSuite.ts', 'says so when there is no room'),
  taken: by('remoteFaultSuite.ts', 'believes no marker'),
  names: by('remoteFaultSuite.ts', 'refuses names that lead elsewhere'),
  scripts: by('remoteFaultSuite.ts', 'publishes names of every script'),
  large: by('remoteBigSuite.ts', 'publishes a gibibyte'),
  many: by('remoteBigSuite.ts', 'publishes many small files'),
  check: by('remoteFaultSuite.ts', 'checks without writing'),
  plan: by('remoteSuite.ts', 'shows before publishing'),
  undo: by('remoteSuite.ts', 'is taken back to what stood there before'),
  changed: by('remoteSuite.ts', 'takes nothing back that was changed since'),
  found: by('remoteSuite.ts', 'finds its publication again'),
  stopped: by('remoteCutSuite.ts', 'stops when it is called off'),
  killed: by('remoteDeaths.ts', 'is published once or not at all when its process is killed'),
  cut: by('remoteCutSuite.ts', 'when the network is cut at any byte'),
};

const github: Readonly<Record<Duty, Shown>> = {
  config: by('github.test.ts', 'refuses a wrong config'),
  account: by('githubRepository.test.ts', 'is asked nothing before the account is connected'),
  credentials: by('githubRepository.test.ts', 'tells a token that is not valid'),
  rights: by('githubRepository.test.ts', 'not for the token to write to'),
  room: by('githubRepository.test.ts', 'tells when a limit ends'),
  taken: by('githubTree.test.ts', 'never writes through a link or over what is not a file'),
  names: by('githubTree.test.ts', 'takes no path that could mean another place'),
  scripts: by('githubTree.test.ts', 'sends bytes of every kind'),
  large: { because: 'GitHub takes no file of more than 100 MB; what is larger is refused before' },
  many: by('githubTree.test.ts', 'and then only what changed'),
  check: by('githubRepository.test.ts', 'is checked without writing'),
  plan: by('github.test.ts', 'shows before what it would do'),
  undo: by('github.test.ts', 'is taken back to what stood there before'),
  changed: by('github.test.ts', 'takes nothing back that was changed since'),
  found: by('github.test.ts', 'finds its publication again'),
  stopped: by('githubFaults.test.ts', 'leaves nothing when it is stopped'),
  killed: by('githubKill.test.ts', 'stands once or not at all'),
  cut: by('githubFaults.test.ts', 'when the connection is cut at random bytes'),
};

const gist: Readonly<Record<Duty, Shown>> = {
  config: by('gist.test.ts', 'refuses a wrong config'),
  account: { because: 'its account is that of GitHub, whose suite shows it' },
  credentials: by('gist.test.ts', 'says what is wrong with token and gist'),
  rights: by('gist.test.ts', 'says what is wrong with token and gist'),
  room: by('gist.test.ts', 'refuses what a gist cannot hold'),
  taken: { because: 'a gist is a place of its own, in which nothing else lies' },
  names: by('gist.test.ts', 'refuses what a gist cannot hold'),
  scripts: by('gist.test.ts', 'refuses what a gist cannot hold'),
  large: { because: 'a gist holds texts of a few megabytes; what is larger is refused before' },
  many: { because: 'a gist is sent in one request' },
  check: by('gist.test.ts', 'says what is wrong with token and gist'),
  plan: by('gist.test.ts', 'says so before'),
  undo: by('gist.test.ts', 'puts back one publication after the other'),
  changed: by('gist.test.ts', 'takes nothing back that was changed since'),
  found: by('gist.test.ts', 'finds it again'),
  stopped: by('gist.test.ts', 'not at all once it is stopped'),
  killed: by('gist.test.ts', 'knows after a death what stood before'),
  cut: by('gist.test.ts', 'stands once whichever answer is lost'),
};

const youtube: Readonly<Record<Duty, Shown>> = {
  config: by('youtube.test.ts', 'says each field to a person'),
  account: by('youtube.test.ts', 'asks nothing of the network before its account is connected'),
  credentials: by('youtubeFaults.test.ts', 'says that the sign-in is over'),
  rights: by('youtubeFaults.test.ts', 'says what ${fault.reason'),
  room: by('youtubeFaults.test.ts', 'ends a used-up quota'),
  taken: { because: 'two videos may have one name' },
  names: { because: 'files have no names there' },
  scripts: by('youtube.test.ts', 'says what is wrong with a deliverable before anything is asked'),
  large: by('youtubeResume.test.ts', 'carries a large file with little memory'),
  many: { because: 'one film is one video' },
  check: by('youtube.test.ts', 'looks at channel and sign-in without writing'),
  plan: by('youtube.test.ts', 'shows the channel, the title'),
  undo: by('youtube.test.ts', 'takes all of it back'),
  changed: by('youtube.test.ts', 'takes nothing back that a person changed since'),
  found: by('youtube.test.ts', 'finds it again'),
  stopped: by('youtubeResume.test.ts', 'is cancelled when it is aborted'),
  killed: by('youtubeKill.test.ts', 'becomes one video or none'),
  cut: by('youtubeResume.test.ts', 'wherever it is cut'),
};

const local: Readonly<Record<Duty, Shown>> = {
  config: by('target.test.ts', 'refuses a wrong config'),
  account: { because: 'a folder of this machine wants no account' },
  credentials: { because: 'a folder of this machine wants no account' },
  rights: by('localRights.test.ts', 'that may not be written to are told'),
  room: by('localBulk.test.ts', 'that does not fit on the disk'),
  taken: by('local.test.ts', 'go through something of others'),
  names: by('localWhole.test.ts', 'is never asked to hold'),
  scripts: by('localWhole.test.ts', 'has any name that means one place'),
  large: by('localBulk.test.ts', 'of a gibibyte is published'),
  many: by('localBulk.test.ts', 'of which one changed'),
  check: by('localRights.test.ts', 'are looked at by a check'),
  plan: by('target.test.ts', 'shows before publishing'),
  undo: by('target.test.ts', 'is taken back to what stood there before'),
  changed: by('target.test.ts', 'takes nothing back that was changed since'),
  found: by('target.test.ts', 'finds its publication again'),
  stopped: by('target.test.ts', 'publishes nothing once it is aborted'),
  killed: by('kill.test.ts', 'leaves the old tree or the new one'),
  cut: { because: 'there is no network in between' },
};

/** Which test shows what of each target. */
export const shownBy: Readonly<Record<string, Readonly<Record<Duty, Shown>>>> = {
  local,
  github,
  gist,
  s3: remote,
  ftp: remote,
  webdav: { ...remote, room: by('webdavHostile.test.ts', 'that is full, odd or hostile') },
  youtube,
};
