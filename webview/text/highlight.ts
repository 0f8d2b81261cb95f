import highlighter from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import markdown from 'highlight.js/lib/languages/markdown';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';

const languages = {
  bash,
  c,
  csharp,
  css,
  diff,
  go,
  java,
  javascript,
  json,
  markdown,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};

for (const [name, language] of Object.entries(languages)) highlighter.registerLanguage(name, language);

/** Longer code than this stays plain: some grammars take time in the square of it. */
export const longestCode = 10_000;
/** So does code with a longer line than this, on which they take the most. */
export const longestLine = 400;

/** Code as HTML with `hljs-…` spans, or `null` where the language is not known or the code or a line too long. */
export function highlight(code: string, language: string): string | null {
  if (code.length > longestCode || !highlighter.getLanguage(language)) return null;
  if (code.split('\n').some(({ length }) => length > longestLine)) return null;
  return highlighter.highlight(code, { language, ignoreIllegals: true }).value;
}
