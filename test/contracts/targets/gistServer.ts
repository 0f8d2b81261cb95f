import { createHash } from 'node:crypto';
import type { Answered, Rule } from './githubGate.ts';
import { tokens } from './githubServer.ts';

/** A gist as the service keeps it: who owns it, and its files in each version, the newest first. */
export interface KeptGist {
  readonly owner: string;
  readonly public: boolean;
  description: string;
  /** How many comments people wrote. */
  comments?: number;
  history: { version: string; files: Record<string, string> }[];
}

type Body = { description?: string; public?: boolean; files?: Record<string, { content?: string } | null> };

/** The gists of a service: https://docs.github.com/en/rest/gists/gists */
export function gistRule(gists: Map<string, KeptGist>): Rule {
  return ({ method, path, token, body }) => {
    const [, , id, version] = path.replace(/\?.*$/, '').split('/');
    if (!path.startsWith('/gists')) return null;
    const given = body.length > 0 ? (JSON.parse(body.toString('utf8')) as Body) : {};
    if (id === undefined) return method === 'POST' ? make(gists, token, given) : list(gists, token);
    const kept = gists.get(id);
    if (!kept || (method !== 'GET' && kept.owner !== token)) return missing;
    if (method === 'DELETE') {
      gists.delete(id);
      return { status: 204 };
    }
    if (method === 'PATCH') return change(id, kept, given);
    const shown =
      version === undefined ? kept.history[0] : kept.history.find((one) => one.version === version);
    return shown ? { status: 200, body: asSeen(id, kept, shown.files) } : missing;
  };
}

const missing: Answered = { status: 404, body: { message: 'Not Found' } };

function make(
  gists: Map<string, KeptGist>,
  owner: string,
  { description = '', public: open, files }: Body,
): Answered {
  const id = createHash('md5').update(`${gists.size} ${description}`).digest('hex');
  const kept: KeptGist = { owner, public: open === true, description, history: [] };
  const refused = write(kept, files ?? {});
  if (refused || Object.keys(files ?? {}).length === 0) return refused ?? unprocessable;
  gists.set(id, kept);
  return { status: 201, body: asSeen(id, kept, kept.history[0]?.files ?? {}) };
}

function change(id: string, kept: KeptGist, { description, files }: Body): Answered {
  const refused = write(kept, files ?? {});
  if (refused) return refused;
  kept.description = description ?? kept.description;
  return { status: 200, body: asSeen(id, kept, kept.history[0]?.files ?? {}) };
}

const unprocessable: Answered = { status: 422, body: { message: 'Validation Failed' } };

/** A change of files is a version more; one that changes nothing is none. */
function write(kept: KeptGist, files: NonNullable<Body['files']>): Answered | null {
  const next = { ...kept.history[0]?.files };
  for (const [name, file] of Object.entries(files)) {
    if (file?.content !== undefined && file.content === '') return unprocessable;
    if (file?.content !== undefined) next[name] = file.content;
    else if (file === null) delete next[name];
  }
  const before = JSON.stringify(kept.history[0]?.files);
  if (JSON.stringify(next) === before) return null;
  const version = createHash('sha1')
    .update(`${kept.history.length} ${JSON.stringify(next)}`)
    .digest('hex');
  kept.history = [{ version, files: next }, ...kept.history];
  return null;
}

function list(gists: Map<string, KeptGist>, token: string): Answered {
  const own = [...gists].filter(([, kept]) => kept.owner === token);
  return { status: 200, body: own.map(([id, kept]) => ({ ...asSeen(id, kept, {}), history: undefined })) };
}

function asSeen(id: string, kept: KeptGist, files: Record<string, string>): object {
  const { public: open, description, history, owner, comments = 0 } = kept;
  const entries = Object.entries(files).map(([filename, content]) => [
    filename,
    { filename, size: Buffer.byteLength(content), truncated: content.length > 1_000_000, content },
  ]);
  return {
    id,
    public: open,
    description,
    comments,
    owner: { login: owner === tokens.owner ? 'octo' : 'guest' },
    files: Object.fromEntries(entries),
    history: history.map(({ version }) => ({ version })),
  };
}
