import { lstat, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import * as jsonc from 'jsonc-parser';
import type { McpFiles } from '../../core/ports/mcp.ts';
import { McpFile, type McpProblem, type McpServer } from '../../protocol/mcp.ts';

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
  const faults: jsonc.ParseError[] = [];
  const tree = jsonc.parseTree(text, faults, { allowTrailingComma: true });
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const fault = faults[0];
  if (fault || !tree) {
    const message = fault ? `JSON: ${jsonc.printParseErrorCode(fault.error)}.` : 'The file is empty.';
    return { servers: [], problems: [{ file, line: lineAt(fault?.offset ?? 0), message }] };
  }
  const parsed = McpFile.safeParse(jsonc.getNodeValue(tree));
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, 20).map((issue) => ({
      file,
      line: lineAt(nearestNode(tree, issue.path as jsonc.JSONPath).offset),
      message: `${issue.path.map(String).join('.') || 'The file'}: ${issue.message}.`,
    }));
    return { servers: [], problems };
  }
  return withoutTwins(parsed.data.servers, (index) => ({
    file,
    line: lineAt(nearestNode(tree, ['servers', index, 'name']).offset),
    message: `servers.${index}.name: the name is taken by another server.`,
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

function nearestNode(tree: jsonc.Node, at: jsonc.JSONPath): jsonc.Node {
  for (let length = at.length; length > 0; length--) {
    const node = jsonc.findNodeAtLocation(tree, at.slice(0, length));
    if (node) return node;
  }
  return tree;
}
