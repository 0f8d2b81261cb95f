import type { Page } from 'playwright-core';

/** Unfolds everything on a page that can be unfolded. */
export async function openAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    for (const line of document.querySelectorAll<HTMLElement>('.call-line')) line.click();
  });
}

/** The first element that no text may bring about, `''` where there is none. */
export function forbidden(page: Page): Promise<string> {
  return page.evaluate(() => {
    const bad =
      '#root :is(script, iframe, object, embed, link, style, meta, base, form:not(.composer), svg, math, video, audio, a[href], [style*="url"])';
    const handler = [...document.querySelectorAll('#root *')].find((element) =>
      [...element.attributes].some((attribute) => attribute.name.startsWith('on')),
    );
    return (document.querySelector(bad) ?? handler)?.outerHTML.slice(0, 200) ?? '';
  });
}
