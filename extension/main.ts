import { setImmediate } from 'node:timers/promises';
import { commands, type Disposable, type ExtensionContext, ExtensionMode, window, workspace } from 'vscode';
import { commandIds } from './commandIds.ts';
import type { Composed, Door } from './compose.ts';
import { lateTree } from './lateTree.ts';
import type { Parts } from './parts.ts';
import { StatusBar } from './statusBar.ts';
import { viewIds } from './viewIds.ts';

/** Kept per workspace once a person used the butler there; the worker then starts with the window. */
const usedHere = 'butler.used';

/**
 * The door: puts the views, the commands and the status bar in place. What they do is loaded with the first
 * use, after the editor's own work of that moment, and the worker waits for it too. Under test the parts
 * are handed out.
 */
export function activate(context: ExtensionContext): Promise<Parts> | undefined {
  const begun = performance.now();
  const own = <T extends Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const log = own(window.createOutputChannel('Virtual Butler', { log: true }));
  const status = own(new StatusBar(workspace.isTrusted ? 'starting' : 'untrusted'));
  const firstUse = () => void context.workspaceState.update(usedHere, true);
  const composed = onFirstUse({ context, log, status, own, firstUse });
  const part = async <K extends keyof Parts>(name: K): Promise<Parts[K]> => (await composed()).parts[name];
  const start = async () => void (await part('worker')).start();
  const trees = {
    abilities: own(lateTree(() => part('abilities'))),
    jobs: own(lateTree(() => part('jobs'))),
    published: own(lateTree(() => part('published'))),
    activity: own(lateTree(() => part('activity'))),
  };
  own(window.registerTreeDataProvider(viewIds.abilities, trees.abilities));
  own(window.registerTreeDataProvider(viewIds.jobs, trees.jobs));
  own(window.registerTreeDataProvider(viewIds.published, trees.published));
  own(window.registerTreeDataProvider(viewIds.activity, trees.activity));
  own(
    window.registerWebviewViewProvider(viewIds.chat, {
      resolveWebviewView: async (view) => (await part('chat')).resolveWebviewView(view),
    }),
  );
  for (const id of commandIds) {
    own(
      commands.registerCommand(id, async (argument: unknown, all: unknown) =>
        (await composed()).run(id, argument, all),
      ),
    );
  }
  own(workspace.onDidGrantWorkspaceTrust(start));
  if (workspace.isTrusted && context.workspaceState.get(usedHere) === true) void start();
  log.info(`Activated in ${(performance.now() - begun).toFixed(1)} ms.`);
  return context.extensionMode === ExtensionMode.Test ? composed().then(({ parts }) => parts) : undefined;
}

/** Gives a reader of what lies behind the door, which is loaded once. */
function onFirstUse(door: Door): () => Promise<Composed> {
  const load = async () => {
    await setImmediate();
    const begun = performance.now();
    const { compose } = await import('./compose.ts');
    const composed = compose(door);
    door.log.info(`Loaded for use in ${(performance.now() - begun).toFixed(1)} ms.`);
    return composed;
  };
  const once: { composed?: Promise<Composed> } = {};
  return () => {
    once.composed ??= load();
    return once.composed;
  };
}
