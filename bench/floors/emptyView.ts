import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The title in the activity bar of the floor of the chat view: an extension with an empty page. */
export const emptyViewTitle = 'Bench Floor';

/** Lays the extension into a folder of installed extensions; it needs no build. */
export function layEmptyView(extensions: string): void {
  const folder = path.join(extensions, 'bench.floor-1.0.0');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    path.join(folder, 'icon.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"/>',
  );
  writeFileSync(path.join(folder, 'main.js'), main);
}

const manifest = {
  name: 'floor',
  displayName: emptyViewTitle,
  publisher: 'bench',
  version: '1.0.0',
  engines: { vscode: '^1.101.0' },
  main: './main.js',
  activationEvents: ['onStartupFinished'],
  contributes: {
    viewsContainers: { activitybar: [{ id: 'floor', title: emptyViewTitle, icon: 'icon.svg' }] },
    views: { floor: [{ id: 'floor.view', type: 'webview', name: 'Floor' }] },
  },
};

const main = `const vscode = require('vscode');
exports.activate = (context) => {
  const resolveWebviewView = (view) => {
    view.webview.html = '<!doctype html><html lang="en"><title>Floor</title><body>Nothing.</body></html>';
  };
  context.subscriptions.push(vscode.window.registerWebviewViewProvider('floor.view', { resolveWebviewView }));
};`;
