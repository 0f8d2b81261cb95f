import { lstat, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { McpFiles } from '../../core/ports/mcp.ts';
import { McpFile, type McpProblem, type McpServer } from '../../protocol/mcp.ts';
import { linedJson } from '../files/linedJson.ts';

/** A file longer than this is not a hand-written one. */
const longestFile = 200_000;

type Content = Awaited<ReturnType<McpFiles['read']>>;

/** The files of servers of the workspace folders, read anew each time: what was approved is held against what is now. */
export const mcpFiles: McpFiles = {
  read: async (workspace) => {
    const file = path.join(workspace, '.butler', 'mcp.json');
    const problem = (message: string): Content => ({ servers: [], problems: [{ file, line: 1, message }] });
    try {
      const found = await lstat(file).catch(() => null);
      if (!found) return { servers: [], problems: [] };
      const isOwn =
        found.isFile() &&
        (await realpath(file)) === path.join(await realpath(workspace), '.butler', 'mcp.json');
      if (!isOwn) return problem('The file must be an ordinary one that lies in the workspace.');
      if (found.size > longestFile) return problem('The file is larger than 200 kB.');
      return parseServers(await readFile(file, 'utf8'), file);
    } catch (error) {
      return problem(`The file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  },
};

/** Reads the text of a file of servers; a fault is named with its line, and then no server of the file counts. */
export function parseServers(text: string, file: string): Content {
  const json = linedJson(text);
  if (json.fault) return { servers: [], problems: [{ file, ...json.fault }] };
  const parsed = McpFile.safeParse(json.value);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 20);
    const problems = issues.map((issue) => ({ file, ...json.wrong(issue.path, `${issue.message}.`) }));
    return { servers: [], problems };
  }
  return withoutTwins(parsed.data.servers, (index) => ({
    file,
    ...json.wrong(['servers', index, 'name'], 'the name is taken by another server.'),
  }));
}

function withoutTwins(servers: readonly McpServer[], problem: (index: number) => McpProblem): Content {
  const isFirst = ({ name }: McpServer, index: number) =>
    servers.findIndex((other) => other.name === name) === index;
  return {
    servers: servers.filter(isFirst),
    problems: servers.flatMap((server, index) => (isFirst(server, index) ? [] : [problem(index)])),
  };
}
