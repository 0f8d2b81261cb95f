/** The language of a file by its name; the ending itself where it is not known. */
export function languageOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1).toLowerCase();
  const byName = names[name];
  if (byName) return byName;
  const dot = name.lastIndexOf('.');
  const ending = dot < 0 ? '' : name.slice(dot + 1);
  return endings.get(ending) ?? (dot > 0 ? `.${ending}` : 'Other');
}

const names: Partial<Record<string, string>> = {
  dockerfile: 'Dockerfile',
  makefile: 'Makefile',
  license: 'Text',
  '.gitignore': 'Ignore list',
};

const languages: Record<string, readonly string[]> = {
  Assembly: ['s', 'asm'],
  C: ['c', 'h'],
  'C#': ['cs'],
  'C++': ['cc', 'cpp', 'cxx', 'hh', 'hpp'],
  CSS: ['css', 'scss', 'sass', 'less'],
  Clojure: ['clj', 'cljs'],
  Dart: ['dart'],
  Elixir: ['ex', 'exs'],
  Elm: ['elm'],
  Erlang: ['erl'],
  'F#': ['fs', 'fsx'],
  Fortran: ['f90', 'f'],
  Go: ['go'],
  HTML: ['html', 'htm'],
  Haskell: ['hs'],
  INI: ['ini', 'cfg', 'conf'],
  JSON: ['json', 'jsonc'],
  Java: ['java'],
  JavaScript: ['js', 'mjs', 'cjs', 'jsx'],
  Julia: ['jl'],
  Kotlin: ['kt', 'kts'],
  Lua: ['lua'],
  Markdown: ['md', 'markdown'],
  'Objective-C': ['m', 'mm'],
  OCaml: ['ml', 'mli'],
  PHP: ['php'],
  Perl: ['pl', 'pm'],
  PowerShell: ['ps1'],
  Python: ['py', 'pyi'],
  R: ['r'],
  Ruby: ['rb'],
  Rust: ['rs'],
  SQL: ['sql'],
  SVG: ['svg'],
  Scala: ['scala'],
  Shell: ['sh', 'bash', 'zsh'],
  Svelte: ['svelte'],
  Swift: ['swift'],
  TOML: ['toml'],
  Text: ['txt', 'rst', 'adoc'],
  TypeScript: ['ts', 'mts', 'cts', 'tsx'],
  Vue: ['vue'],
  XML: ['xml'],
  YAML: ['yaml', 'yml'],
  Zig: ['zig'],
};

const endings = new Map(
  Object.entries(languages).flatMap(([language, list]) => list.map((ending) => [ending, language] as const)),
);
