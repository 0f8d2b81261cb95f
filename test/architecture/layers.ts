import { builtinModules } from 'node:module';
import { type Breach, type Edge, edgesOf, isTest, type Tree } from './tree.ts';

interface Layer {
  readonly folder: string;
  /** Layers it may import besides itself. */
  readonly imports: readonly string[];
  /** Packages it may import; `null` for any that no other rule keeps out. */
  readonly packages: readonly string[] | null;
  /** Whether it may import Node's own modules. */
  readonly node: boolean;
}

const pagePackages = [
  'preact',
  '@preact/signals',
  '@vscode-elements/elements',
  '@vscode/codicons',
  'dompurify',
];
const editorPackages = ['vscode', 'vscode-languageclient'];

/** The layers as DESIGN draws them; these arrows are the only imports that exist. */
const layers: Readonly<Record<string, Layer>> = {
  protocol: { folder: 'server/protocol/', imports: [], packages: ['zod'], node: false },
  core: { folder: 'server/core/', imports: ['protocol'], packages: ['zod'], node: false },
  adapters: { folder: 'server/adapters/', imports: ['protocol', 'core'], packages: null, node: true },
  main: { folder: 'server/main/', imports: ['protocol', 'core', 'adapters'], packages: null, node: true },
  extension: {
    folder: 'extension/',
    imports: ['protocol'],
    packages: [...editorPackages, 'zod'],
    node: true,
  },
  webview: {
    folder: 'webview/',
    imports: ['protocol'],
    packages: [...pagePackages, 'markdown-it', 'highlight.js', 'zod'],
    node: false,
  },
};

const product = Object.keys(layers);

/** Every import that the layers forbid, tests beside the files included; a test may use Node and any package. */
export function layerBreaches(tree: Tree): Breach[] {
  return edgesOf(tree).flatMap((edge) => {
    const name = layerOf(edge.from);
    if (!name) return [];
    const what = breachOf(edge, name);
    return what ? [{ file: edge.from, line: edge.line, what }] : [];
  });
}

function breachOf(edge: Edge, name: string): string | null {
  const layer = layers[name];
  if (!layer) return null;
  if (edge.specifier === null) return isTest(edge.from) ? null : 'imports a module whose name is computed';
  if (edge.to !== null) return fileBreach(edge.to, name, layer);
  if (isTest(edge.from)) return null;
  if (isBuiltin(edge.specifier)) return layer.node ? null : `${name} must not import ${edge.specifier}`;
  return packageBreach(packageOf(edge.specifier), name, layer);
}

function fileBreach(to: string, name: string, layer: Layer): string | null {
  const other = layerOf(to);
  if (other === name || (other && layer.imports.includes(other))) return null;
  return `${name} must not import ${other ?? 'what is no layer'} (${to})`;
}

function packageBreach(used: string, name: string, layer: Layer): string | null {
  const kept = [...pagePackages, ...editorPackages].includes(used);
  const allowed = layer.packages ? layer.packages.includes(used) : !kept;
  return allowed ? null : `${name} must not import the package ${used}`;
}

function layerOf(file: string): string | undefined {
  return product.find((name) => file.startsWith(layers[name]?.folder ?? ' '));
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier.split('/')[0] ?? '');
}

function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
