import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

interface AxeWindow {
  readonly axe: {
    run(
      options: object,
    ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
  };
}

const axe = readFile(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
/** What no rule of axe asks for here, as the text of style sheets and the nodes without a fault, is not gathered. */
const gathered = { resultTypes: ['violations'], preload: { assets: ['media'] } };

/** What axe finds on a page. */
export async function axeFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await axe);
  const { violations } = await page.evaluate(
    (options) => (window as unknown as AxeWindow).axe.run(options),
    gathered,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
  );
}

/** The first element that reaches over the right edge of the view, outside regions that scroll by themselves, or button that cuts its label. */
export async function overflowing(page: Page): Promise<string> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) return 'the page';
    for (const element of document.querySelectorAll<HTMLElement>('.page *:not(.unseen)')) {
      if (element.closest('.unseen, pre, .table, .call-title, .hint, .long-text')) continue;
      if (element.getBoundingClientRect().right > width + 1) return element.outerHTML.slice(0, 200);
    }
    for (const button of document.querySelectorAll('vscode-button')) {
      const label = button.shadowRoot?.querySelector('[part=base]');
      if (label && label.scrollWidth > label.clientWidth) return button.outerHTML.slice(0, 200);
    }
    return '';
  });
}
