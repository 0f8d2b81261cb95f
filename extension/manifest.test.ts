import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { commandIds } from './commandIds.ts';
import { viewIds } from './viewIds.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;

interface Manifest {
  readonly capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
  readonly contributes: {
    readonly commands: { command: string; title: string; category: string; icon?: string }[];
    readonly views: { butler: { id: string; type?: string }[] };
    readonly viewsWelcome: { view: string; contents: string; when: string }[];
    readonly menus: Record<string, { command?: string; submenu?: string; when?: string }[]>;
    readonly configuration: {
      properties: Record<string, { default: unknown; markdownDescription: string; scope: string }>;
    };
    readonly walkthroughs: {
      steps: { media: { svg: string; altText: string }; completionEvents: string[] }[];
    }[];
  };
}

describe('package.json', () => {
  const { commands, views, viewsWelcome, menus, configuration, walkthroughs } = manifest.contributes;

  it('contributes exactly the commands that there are', () => {
    assert.deepEqual(commands.map(({ command }) => command).toSorted(), [...commandIds].toSorted());
  });

  it('contributes exactly the views that there are', () => {
    const contributed = manifest.contributes.views.butler.map(({ id }) => id);
    assert.deepEqual(contributed.toSorted(), Object.values(viewIds).toSorted());
  });

  it('gives every command the category Butler', () => {
    for (const { command, category } of commands) assert.equal(category, 'Butler', command);
  });

  it('names only commands of ours in its texts and menus', () => {
    const known = new Set<string>(commandIds);
    const linked = [...read('package.nls.json').matchAll(/command:(butler\.[\w.]+)/g)].map(
      ([, id]) => id ?? '',
    );
    const listed = Object.values(menus).flatMap((items) => items.flatMap(({ command }) => command ?? []));
    const focus = new Set(views.butler.map(({ id }) => `${id}.focus`));
    for (const id of [...linked, ...listed]) assert.ok(known.has(id) || focus.has(id), id);
  });

  it('gives every tree a welcome for each state that leaves it empty', () => {
    const trees = views.butler.filter(({ type }) => type !== 'webview');
    const trusted = 'isWorkspaceTrusted && butler.worker';
    assert.ok(trees.length >= 2 && views.butler.length <= 5);
    for (const { id } of trees) {
      const whens = viewsWelcome.filter(({ view }) => view === id).map(({ when }) => when);
      for (const state of ['!isWorkspaceTrusted', ...['==', '!='].map((is) => `${trusted} ${is} stopped`)]) {
        assert.equal(whens.filter((when) => when === state).length, 1, `${id}: ${state}`);
      }
    }
  });

  it('keeps every setting that widens power out of the reach of a workspace', () => {
    const { properties } = configuration;
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.equal(supported, 'limited');
    for (const name of ['butler.mode', 'butler.storeFolder', 'butler.anthropic.baseUrl']) {
      assert.match(properties[name]?.scope ?? '', /^(machine|application)$/, name);
      assert.ok(restrictedConfigurations.includes(name), name);
    }
  });

  it('gives every setting a default and a description', () => {
    for (const [name, one] of Object.entries(configuration.properties)) {
      assert.notEqual(one.default, undefined, name);
      assert.ok(one.markdownDescription, name);
    }
  });

  it('gives every menu entry a condition, and a sub-menu where there are more than two', () => {
    for (const place of ['editor/context', 'explorer/context']) {
      assert.ok((menus[place] ?? []).length <= 2, place);
      for (const { when } of menus[place] ?? []) assert.ok(when, place);
    }
  });

  it('gives every walkthrough step an image that is there, an alt text and an end', () => {
    for (const { media, completionEvents } of walkthroughs.flatMap(({ steps }) => steps)) {
      assert.match(read(media.svg), /var\(--vscode-/);
      assert.doesNotMatch(read(media.svg), /#[0-9a-f]{3,8}\b/i);
      assert.ok(media.altText && completionEvents.length > 0);
    }
  });
});
