import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Every link of the HTML files below a folder that leads nowhere, as `page → link`, and how many were looked at. */
export function checkLinks(folder) {
  const pages = globSync('**/*.html', { cwd: folder });
  const links = pages.flatMap((page) => linksOf(read(folder, page)).map((link) => ({ page, link })));
  const inside = links.filter(({ link }) => !/^[a-z][a-z0-9+.-]*:|^\/\//i.test(link));
  const broken = inside.filter(({ page, link }) => !resolves(folder, page, link));
  return {
    pages: pages.length,
    links: inside.length,
    broken: broken.map(({ page, link }) => `${page} → ${link}`),
  };
}

function linksOf(html) {
  return [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link]) => link.replaceAll('&amp;', '&'));
}

function resolves(folder, page, link) {
  const [address, anchor] = link.split('#');
  const [name] = (address ?? '').split('?');
  const target = name === '' ? page : path.join(path.dirname(page), decodeURIComponent(name));
  const file = path.join(folder, target);
  if (!existsSync(file)) return false;
  const entry = statSync(file).isDirectory() ? path.join(target, 'index.html') : target;
  if (!existsSync(path.join(folder, entry))) return false;
  return !anchor || read(folder, entry).includes(`id="${decodeURIComponent(anchor)}"`);
}

function read(folder, file) {
  return readFileSync(path.join(folder, file), 'utf8');
}
