import { encode } from 'fast-png';
import type { Preview } from '../../server/protocol/approval.ts';
import type { Deliverable } from '../../server/protocol/deliverable.ts';
import { type Counterpart, session } from './counterpart.ts';
import { digest, Story } from './story.ts';

/** The files of the deliverables here, by their paths. */
export const files: Readonly<Record<string, { readonly mime: string; readonly bytes: Buffer }>> = {
  'index.html': page(
    'Harbours',
    `<h1 style="letter-spacing: 2px">Harbours</h1><p>Three of them, <a href="pages/north.html">one in the north</a>,
     <a href="#south">one in the south</a>, <a href="https://example.org/more">more elsewhere</a>, and one
     <a href="gone.html">that is gone</a>.</p><img src="images/plan.png" alt="A plan" width="160">
     <img src="https://example.org/spy.png" alt="from elsewhere"><h2 id="south">South</h2>
     <script>top.postMessage('acted', '*'); document.title = 'acted'</script>
     <form action="https://example.org/"><button>Send</button></form>
     <p onclick="alert(1)">Not a button</p>`,
  ),
  'pages/north.html': page('North', '<h1>Tromsø</h1><p><a href="../index.html">Back to all</a></p>'),
  'style.css': of(
    'text/css',
    'body { font-family: sans-serif; background: url(images/plan.png) no-repeat 100% 0; margin: 12px } h1 { color: rgb(1, 87, 155) }',
  ),
  'images/plan.png': { mime: 'image/png', bytes: plan() },
  'notes.md': of('text/markdown', '# Tides\n\nThe sea **breathes** twice a day.\n\n- ebb\n- flow\n'),
  'src/greet.ts': of('text/typescript', 'export const greet = (name: string) => "Hello " + name;\n'),
  'song.wav': { mime: 'audio/wav', bytes: silence() },
  'film.mp4': { mime: 'video/mp4', bytes: Buffer.from('no film at all') },
  'hostile.html': of('text/html', hostile()),
  'report.pdf': {
    mime: 'application/pdf',
    bytes: Buffer.from(
      '%PDF-1.4\n1 0 obj<</Type/Pages/Kids[]/Count 12>>endobj 2 0 obj<</Title(Tides)/Producer(a)>>endobj\n%%EOF',
    ),
  },
  'data.bin': { mime: 'application/octet-stream', bytes: Buffer.from([1, 2, 3]) },
};

/** Answers for the files of deliverables, in pieces as the worker gives them. */
export function serveFiles(counterpart: Counterpart): void {
  counterpart.answers['butler/deliverable/file'] = ({ path, from }) => {
    const file = files[String(path)];
    if (!file) throw new Error(`no ${path}`);
    const content = file.bytes.subarray(Number(from)).toString('base64');
    return { mime: file.mime, encoding: 'base64', content };
  };
}

/** A deliverable of some of the files. */
export function deliverable(id: string, type: string, title: string, paths: readonly string[]): Deliverable {
  return {
    ...{
      id,
      job: 'j1',
      session: 's1',
      ability: 'site',
      type,
      title,
      metadata: {},
      created: 1,
      published: null,
    },
    files: paths.map((path) => ({
      path,
      digest: digest('f'),
      size: files[path]?.bytes.length ?? 1_000,
      mime: files[path]?.mime ?? 'text/plain',
    })),
  };
}

/** The website, with all that its pages name. */
export const harbours = deliverable('d1', 'website', 'Harbours', [
  ...['index.html', 'pages/north.html', 'style.css', 'images/plan.png'],
]);

/** What a job made: a picture and a document that show at once, a website, code and what has no preview. */
export function delivered(counterpart: Counterpart): void {
  counterpart.sessions = [session('s1', 'Write about harbours')];
  counterpart.session = 's1';
  serveFiles(counterpart);
  const story = new Story('s1').begin('site').ask('j1', 'Write about harbours');
  story.say('j1', [{ kind: 'text', text: 'A picture, a note and a site, as you asked.' }]);
  const all: Deliverable[] = [
    deliverable('d2', 'image', 'The plan of the harbour', ['images/plan.png']),
    deliverable('d3', 'document', 'Tides', ['notes.md']),
    deliverable('d4', 'code', 'Greeter', ['src/greet.ts']),
    deliverable('d5', 'audio', 'A song', ['song.wav', 'data.bin']),
    {
      ...harbours,
      findings: [
        { file: 'index.html', line: 4, what: 'The link to "gone.html" leads nowhere.', severe: true },
        { what: 'The pages name no language.', severe: false },
      ],
    },
  ];
  for (const one of all) story.add('deliverable.saved', 'j1', { deliverable: one });
  story.add('deliverable.published', 'j1', {
    deliverable: 'd1',
    publication: {
      ...{ execution: 'e-c9', target: 's3', entry: 'index.html', visibility: 'public', time: story.time },
      ...{ location: 'https://harbours.example.org/', undoes: 'Puts the 3 former files back.' },
    },
  });
  story.add('job.completed', 'j1', {});
  counterpart.entries = story.entries;
}

/** A question before a publication that everybody will see, with a long list of files. */
export function publication(counterpart: Counterpart): void {
  counterpart.sessions = [session('s1', 'Publish the harbours', { state: 'running' })];
  counterpart.session = 's1';
  const rows = (n: number, change: 'create' | 'update' | 'delete' | 'unchanged', name: string) =>
    Array.from({ length: n }, (_, at) => ({ path: `${name}/page-${at}.html`, change, size: 900 + at }));
  const preview: Preview = {
    kind: 'files',
    address: 'https://github.com/harbours/site (branch main)',
    files: [
      ...rows(1_200, 'unchanged', 'docs'),
      ...rows(14, 'update', 'guide'),
      ...rows(3, 'delete', 'old'),
      ...rows(2, 'create', 'new'),
    ],
    visibility: 'public',
    undoes: 'Closes the pull request and deletes its branch.',
    notes: [
      'The branch main is protected; a person must approve the pull request there.',
      'The file style.css has 52 MB, which the service advises against.',
      ...Array.from(
        { length: 9 },
        (_, at) => `guide/page-${at}.html: The link to "gone.html" leads nowhere.`,
      ),
    ],
  };
  counterpart.entries = new Story('s1')
    .begin('site')
    .ask('j1', 'Publish the harbours')
    .say('j1', [{ kind: 'call', call: 'c9', tool: 'publish', input: {} }])
    .question('j1', 'c9', preview, {
      title: 'Publish 1219 files to https://github.com/harbours/site (branch main)',
      protected: true,
    }).entries;
}

/** A publication that did not come about because its account is not connected. */
export function unconnected(counterpart: Counterpart): void {
  counterpart.sessions = [session('s1', 'Publish the harbours')];
  counterpart.session = 's1';
  const story = new Story('s1').begin('site').ask('j1', 'Publish the harbours');
  story.say('j1', [{ kind: 'call', call: 'c9', tool: 'publish', input: {} }]);
  story.add('call.refused', 'j1', {
    call: 'c9',
    tool: 'publish',
    reason: 'invalid',
    rule: 'The account "sftp anna@example.org:22" is not connected.',
  });
  story.add('job.completed', 'j1', {});
  counterpart.entries = story.entries;
}

function of(mime: string, text: string) {
  return { mime, bytes: Buffer.from(text) };
}

function page(title: string, body: string) {
  const head = `<title>${title}</title><link rel="stylesheet" href="/style.css"><meta http-equiv="refresh" content="1;url=https://example.org/">`;
  const text = `<!doctype html><html lang="en"><head>${head}<base href="https://example.org/"></head><body>${body}</body></html>`;
  return of('text/html', text);
}

/** A page that tries every way to act, to fetch and to lead away. */
function hostile(): string {
  const away = 'https://example.org/away';
  return `<html><head><style>@import "${away}.css"; @font-face { font-family: x; src: url(${away}.woff) }
    body { font-family: x; background: url("${away}.png"); cursor: url(${away}.cur), auto } p::after { content: url('${away}/a.png') }
    li { background: image-set("${away}/b.png" 1x) }</style>
    <link rel="stylesheet" href="${away}.css"><link rel="prefetch" href="${away}"><link rel="dns-prefetch" href="//example.org">
    <meta http-equiv="refresh" content="0;url=${away}"><base href="${away}" target="_top"></head>
    <body onload="top.document.title='acted'" background="${away}.jpg">
    <svg onload="top.document.title='acted'"><script>top.document.title='acted'</script><image href="${away}.svg"/><use href="${away}#a"/>
    <a xlink:href="javascript:top.document.title='acted'"><text y="20">svg</text></a></svg>
    <math><mtext><img src="x" onerror="top.document.title='acted'"></mtext></math>
    <img srcset="${away} 2x" src="//example.org/c.png" alt="c"><video poster="${away}.png" src="${away}.mp4"></video>
    <picture><source srcset="${away}.webp"><img alt="d"></picture><iframe src="${away}"></iframe><object data="${away}"></object>
    <embed src="${away}"><form action="${away}"><input autofocus onfocus="top.document.title='acted'"><button>x</button></form>
    <a href="javascript:top.document.title='acted'">script</a> <a href="data:text/html,<script>1</script>">data</a>
    <a href="../../../etc/passwd" target="_top">above</a> <a href="blob:null/1" download>blob</a>
    <template><img src="${away}/t.png"></template><p style="background: url(${away}/s.png)">styled</p>
    <a data-look-link="https://example.org/forged" href="mailto:a@example.org">mail</a><p>the end of it</p></body></html>`;
}

/** A picture of some size. */
function plan(): Buffer {
  const [width, height] = [320, 180];
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const sea = y > 90 + 12 * Math.sin(x / 24);
    data.set(sea ? [20, 90 + (y >> 1), 160] : [225, 205 - (y >> 1), 160], at * 3);
  }
  return Buffer.from(encode({ width, height, data, channels: 3 }));
}

/** A tenth of a second of nothing, as a sound. */
function silence(): Buffer {
  const samples = Buffer.alloc(800, 128);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(8_000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
