import { mkdir, realpath, rename } from 'node:fs/promises';
import path from 'node:path';
import * as jsonc from 'jsonc-parser';
import { Low } from 'lowdb';
import { TextFile } from 'lowdb/node';
import { canonical } from '../../core/canonical.ts';
import type { PolicyChange } from '../../core/ports/policyFiles.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { locked } from '../secrets/lock.ts';
import { parsePolicy } from './parsePolicy.ts';

const format: jsonc.FormattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' };
const empty = '{\n  "rules": []\n}\n';

/** Changes the rules of a file and keeps the rest, comments included; several windows take turns. */
export async function changePolicyFile(file: string, change: PolicyChange): Promise<Outcome<void>> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const real = await realpath(file).catch(() => file);
    return await locked(`${file}.lock`, () => rewrite(real, change));
  } catch (error) {
    const what = `Your policy cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    return bad(failures.store(what, `Make it possible to write ${file}, then try again.`));
  }
}

async function rewrite(file: string, change: PolicyChange): Promise<Outcome<void>> {
  const db = new Low(new TextFile(file), '');
  await db.read();
  const text = db.data || empty;
  const { rules, faults } = parsePolicy(text);
  const [fault] = faults;
  if (fault && change.kind !== 'reset') {
    const what = `Your policy has a fault in line ${fault.line}: ${fault.message}`;
    return bad(failures.invalid(`${file}:${fault.line}`, what, 'Mend the file first; nothing was changed.'));
  }
  if (change.kind === 'remove' && canonical(rules[change.index]) !== canonical(change.rule)) {
    return bad(failures.conflict('This rule stands there no more.', 'List the rules again, then choose.'));
  }
  if (fault) await rename(file, `${file}.old`);
  db.data = fault ? empty : edited(text, change, rules.length);
  await db.write();
  return good(undefined);
}

function edited(text: string, change: PolicyChange, length: number): string {
  const [at, value, isArrayInsertion]: [jsonc.JSONPath, unknown, boolean] =
    change.kind === 'add'
      ? [['rules', length], change.rule, true]
      : change.kind === 'remove'
        ? [['rules', change.index], undefined, false]
        : [['rules'], [], false];
  return jsonc.applyEdits(
    text,
    jsonc.modify(text, at, value, { formattingOptions: format, isArrayInsertion }),
  );
}
