import { runButler } from '../../support/terminal.ts';

/** Runs `butler --json` on a store in a process of its own; answers all that it printed. */
export async function butlerCommand(
  stage: { readonly home: string; readonly workspace: string },
  words: readonly string[],
): Promise<string> {
  const { out, err } = await runButler(stage, ['--json', '--workspace', stage.workspace, ...words]);
  return out + err;
}
