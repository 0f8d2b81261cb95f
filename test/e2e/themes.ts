import type { Editor } from './editor.ts';
import type { House } from './house.ts';

/** The default themes, with the class that each puts on the workbench. */
const themes = {
  dark: ['Dark Modern', '.monaco-workbench.vs-dark'],
  light: ['Light Modern', '.monaco-workbench.vs'],
  'hc-dark': ['Default High Contrast', '.monaco-workbench.hc-black'],
  'hc-light': ['Default High Contrast Light', '.monaco-workbench.hc-light'],
} as const;

/** Gives what keeps a picture of the window in every theme under a name, and may look at each once more. */
export function inEveryTheme(
  house: House,
  editor: Editor,
  folder: string,
  andThen: (screen: string, theme: string) => Promise<void> = async () => undefined,
): (screen: string) => Promise<void> {
  return async (screen) => {
    for (const [name, [theme, shown]] of Object.entries(themes)) {
      const settings = JSON.stringify({ 'workbench.colorTheme': theme });
      await house.write(folder, '.vscode/settings.json', settings);
      await editor.page.locator(shown).waitFor();
      await chatWears(editor, name);
      await editor.page.mouse.move(900, 700);
      await editor.shoot(`${screen}-${name}`);
      await andThen(screen, name);
    }
  };
}

/** Waits until the chat page has the theme's class too. */
async function chatWears({ chat }: Editor, theme: string): Promise<void> {
  const kinds: Record<string, string> = {
    dark: 'vscode-dark',
    light: 'vscode-light',
    'hc-dark': 'vscode-high-contrast',
    'hc-light': 'vscode-high-contrast-light',
  };
  await chat.locator(`body[data-vscode-theme-kind="${kinds[theme]}"]`).waitFor();
}
