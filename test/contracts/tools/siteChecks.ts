import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { HtmlValidate } from 'html-validate';

/** Every address in a page that stays in the site, and whether it leads to a file and an anchor there. */
export function brokenLinks(files: ReadonlyMap<string, Buffer>): string[] {
  const broken: string[] = [];
  for (const [name, bytes] of files) {
    if (!name.endsWith('.html')) continue;
    for (const [, address = ''] of String(bytes).matchAll(/(?:href|src)="([^"]*)"/g)) {
      if (/^(https?|mailto|data):/.test(address)) continue;
      const [to = '', anchor] = address.split('#');
      const target = to === '' ? name : posix.join(posix.dirname(name), decodeURIComponent(to));
      const found = files.get(target);
      const isThere = found && (!anchor || String(found).includes(`id="${decodeURIComponent(anchor)}"`));
      if (!isThere) broken.push(`${name}: ${address}`);
    }
  }
  return broken;
}

/** Fails with each fault that html-validate finds in the pages. */
export async function assertValid(files: ReadonlyMap<string, Buffer>): Promise<void> {
  const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });
  for (const [name, bytes] of files) {
    if (!name.endsWith('.html')) continue;
    const report = await validator.validateString(String(bytes), name);
    const faults = report.results.flatMap((result) =>
      result.messages.map((one) => `${name}:${one.line} ${one.message} (${one.ruleId})`),
    );
    assert.deepEqual(faults, []);
  }
}
