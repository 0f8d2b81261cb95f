/** What the page's frame is made of; addresses as the webview may load them. */
export interface ChatHtmlParts {
  readonly cspSource: string;
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  readonly language: string;
  readonly title: string;
  /** What the page shows: a chat, or one deliverable as it will look. */
  readonly shows: 'chat' | 'preview';
}

/** The frame of the chat page: no script without the nonce, no connection, nothing from elsewhere. */
export function chatHtml({ cspSource, nonce, script, style, language, title, shows }: ChatHtmlParts): string {
  const policy = [
    "default-src 'none'",
    `img-src ${cspSource} data: blob:`,
    'media-src blob:',
    `style-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    "connect-src 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="${quoted(language)}" data-shows="${shows}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${quoted(policy)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${quoted(title)}</title>
    <link rel="stylesheet" href="${quoted(style)}" id="vscode-codicon-stylesheet">
  </head>
  <body>
    <div id="root">${bell}</div>
    <link rel="modulepreload" nonce="${nonce}" href="${quoted(script)}">
    <script nonce="${nonce}" data-page="${quoted(script)}">${boot}</script>
  </body>
</html>`;
}

/** Lets the first frame be drawn before the page's script takes the thread. */
const boot = `
  const { nonce, dataset } = document.currentScript;
  const page = Object.assign(document.createElement('script'), { type: 'module', nonce, src: dataset.page });
  requestAnimationFrame(() => setTimeout(() => document.body.append(page)));
`;

/** What is seen until the page's script has drawn the page. */
const bell =
  '<svg class="arriving" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 17a8 8 0 0 1 16 0z"/><path d="M2.5 20h19"/><circle cx="12" cy="5.4" r="1.4"/></svg>';

function quoted(text: string): string {
  return text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
}
