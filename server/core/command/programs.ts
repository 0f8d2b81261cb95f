import { cmdlets } from './cmdlets.ts';
import { codePrograms } from './codePrograms.ts';
import { filePrograms } from './filePrograms.ts';
import { gitPrograms } from './gitPrograms.ts';
import { netPrograms } from './netPrograms.ts';
import { packagePrograms } from './packagePrograms.ts';
import type { ProgramRule } from './programRule.ts';
import { refusedPrograms } from './refusedPrograms.ts';
import { scriptPrograms } from './scriptPrograms.ts';
import { textPrograms } from './textPrograms.ts';

/** What is known of the program of that name; `null` for one that nobody described. */
export function ruleOf(name: string): ProgramRule | null {
  const refused = refusedPrograms.get(name);
  if (refused) return { unclear: refused };
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}

const table: Readonly<Record<string, ProgramRule>> = {
  ...cmdlets,
  ...filePrograms,
  ...textPrograms,
  ...scriptPrograms,
  ...codePrograms,
  ...packagePrograms,
  ...gitPrograms,
  ...netPrograms,
};
