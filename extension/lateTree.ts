import { Disposable, type Event, EventEmitter, type TreeDataProvider } from 'vscode';

/** A tree whose rows come from `load`, which is called when the editor first asks for rows. */
export function lateTree<T>(load: () => Promise<Tree<T>>): TreeDataProvider<T> & Disposable {
  const changed = new EventEmitter<void>();
  const owned: Disposable[] = [changed];
  const once: { tree?: Promise<Tree<T>> } = {};
  const tree = () => {
    once.tree ??= load().then((loaded) => {
      owned.push(loaded.onDidChangeTreeData(() => changed.fire()));
      return loaded;
    });
    return once.tree;
  };
  return {
    onDidChangeTreeData: changed.event,
    getChildren: async (parent) => (await tree()).getChildren(parent),
    getTreeItem: async (row) => (await tree()).getTreeItem(row),
    dispose: () => Disposable.from(...owned).dispose(),
  };
}

type Tree<T> = TreeDataProvider<T> & { readonly onDidChangeTreeData: Event<void> };
