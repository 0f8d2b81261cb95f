/** The four default themes of VS Code, as far as the page reads them: dark, light, high contrast dark and light. */
export const themes = ['dark', 'light', 'hc-dark', 'hc-light'] as const;
export type Theme = (typeof themes)[number];

/** The classes that VS Code puts on a webview's body. */
export const bodyClass: Record<Theme, string> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'hc-dark': 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast vscode-high-contrast-light',
};

/** A style sheet with a theme's variables, as VS Code sets them on the root. */
export function themeSheet(theme: Theme): string {
  const column = themes.indexOf(theme);
  const lines = Object.entries(colours).flatMap(([name, values]) => {
    const value = values[column];
    return value ? [`--vscode-${name}: ${value};`] : [];
  });
  const fonts =
    '--vscode-font-family: system-ui, "Ubuntu", "Droid Sans", sans-serif; --vscode-font-size: 13px; --vscode-font-weight: normal; --vscode-editor-font-family: "Droid Sans Mono", monospace; --vscode-editor-font-size: 14px;';
  return `:root { ${fonts} ${lines.join(' ')} color-scheme: ${theme.includes('light') ? 'light' : 'dark'}; } html { background: var(--vscode-sideBar-background); }`;
}

type Row = readonly [dark: string, light: string, hcDark: string, hcLight: string];

const colours: Readonly<Record<string, Row>> = {
  foreground: ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'icon-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  descriptionForeground: ['#9d9d9d', '#3b3b3b', 'rgba(255, 255, 255, 0.7)', 'rgba(41, 41, 41, 0.7)'],
  errorForeground: ['#f85149', '#f85149', '#f48771', '#b5200d'],
  focusBorder: ['#0078d4', '#005fb8', '#f38518', '#006bbd'],
  contrastBorder: ['', '', '#6fc3df', '#0f4a85'],
  contrastActiveBorder: ['', '', '#f38518', '#006bbd'],
  'sideBar-background': ['#181818', '#f8f8f8', '#000000', '#ffffff'],
  'editor-background': ['#1f1f1f', '#ffffff', '#000000', '#ffffff'],
  'editorWidget-background': ['#202020', '#f8f8f8', '#0c141f', '#ffffff'],
  'widget-border': ['#313131', '#e5e5e5', '#6fc3df', '#0f4a85'],
  'widget-shadow': ['rgba(0, 0, 0, 0.36)', 'rgba(0, 0, 0, 0.16)', '', ''],
  'input-background': ['#313131', '#ffffff', '#000000', '#ffffff'],
  'input-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'input-border': ['#3c3c3c', '#cecece', '#6fc3df', '#0f4a85'],
  'input-placeholderForeground': ['#989898', '#767676', 'rgba(255, 255, 255, 0.7)', 'rgba(41, 41, 41, 0.7)'],
  'inputOption-activeBackground': ['#2489db82', '#bed6ed', 'rgba(0, 0, 0, 0)', 'rgba(0, 0, 0, 0)'],
  'inputOption-activeForeground': ['#ffffff', '#000000', '#ffffff', '#292929'],
  'inputOption-activeBorder': ['#2488db', '#005fb8', '#6fc3df', '#0f4a85'],
  'inputValidation-errorBorder': ['#be1100', '#be1100', '#6fc3df', '#0f4a85'],
  'button-background': ['#0078d4', '#005fb8', '#000000', '#0f4a85'],
  'button-foreground': ['#ffffff', '#ffffff', '#ffffff', '#ffffff'],
  'button-hoverBackground': ['#026ec1', '#0258a8', '#000000', '#0f4a85'],
  'button-border': ['rgba(255, 255, 255, 0.07)', 'rgba(0, 0, 0, 0.1)', '#6fc3df', '#0f4a85'],
  'button-secondaryBackground': ['#313131', '#e5e5e5', '#000000', '#ffffff'],
  'button-secondaryForeground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'button-secondaryHoverBackground': ['#3c3c3c', '#cccccc', '#000000', '#ffffff'],
  'toolbar-hoverBackground': ['rgba(90, 93, 94, 0.31)', 'rgba(184, 184, 184, 0.31)', '', ''],
  'list-hoverBackground': ['#2a2d2e', '#f2f2f2', 'rgba(255, 255, 255, 0.1)', 'rgba(15, 74, 133, 0.1)'],
  'list-activeSelectionBackground': ['#04395e', '#e8e8e8', '#000000', 'rgba(15, 74, 133, 0.1)'],
  'list-activeSelectionForeground': ['#ffffff', '#000000', '#ffffff', '#292929'],
  'textLink-foreground': ['#4daafc', '#005fb8', '#21a6ff', '#0f4a85'],
  'textLink-activeForeground': ['#4daafc', '#005fb8', '#21a6ff', '#0f4a85'],
  'textCodeBlock-background': ['#2b2b2b', '#f8f8f8', '#000000', '#f2f2f2'],
  'textPreformat-foreground': ['#d0d0d0', '#3b3b3b', '#000000', '#ffffff'],
  'textPreformat-background': ['#3c3c3c', '#0000001f', '#ffffff', '#09345f'],
  'textBlockQuote-border': ['#616161', '#e5e5e5', '#ffffff', '#292929'],
  'editorWarning-foreground': ['#cca700', '#bf8803', '#ffd370', '#895503'],
  'editorSuggestWidget-background': ['#202020', '#f8f8f8', '#0c141f', '#ffffff'],
  'editorSuggestWidget-border': ['#454545', '#c8c8c8', '#6fc3df', '#0f4a85'],
  'diffEditor-insertedTextBackground': ['rgba(156, 204, 44, 0.2)', 'rgba(156, 204, 44, 0.25)', '', ''],
  'diffEditor-removedTextBackground': ['rgba(255, 0, 0, 0.2)', 'rgba(255, 0, 0, 0.2)', '', ''],
  'gitDecoration-addedResourceForeground': ['#81b88b', '#587c0c', '#a1e3ad', '#374e06'],
  'gitDecoration-modifiedResourceForeground': ['#e2c08d', '#895503', '#e2c08d', '#895503'],
  'testing-iconPassed': ['#73c991', '#73c991', '#73c991', '#007100'],
  'charts-green': ['#89d185', '#388a34', '#89d185', '#374e06'],
  'symbolIcon-keywordForeground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'debugTokenExpression-string': ['#ce9178', '#a31515', '#f48771', '#a31515'],
  'debugTokenExpression-number': ['#b5cea8', '#098658', '#89d185', '#098658'],
  'debugTokenExpression-name': ['#c586c0', '#9b46b0', '#ffffff', '#292929'],
};
