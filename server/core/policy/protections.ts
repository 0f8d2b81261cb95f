/**
 * Files whose change would widen an agent's rights or run code by itself (SECURITY S1), as patterns over the
 * folded path. A pattern names whole path parts: `a/` any part below a folder, a name without `/` the last part.
 */
const guarded: readonly RegExp[] = [
  // Editor settings and workspace files.
  part(String.raw`\.vscode|\.vscode-server|\.idea|\.fleet|\.zed|\.devcontainer`),
  last(String.raw`.*\.code-workspace|.*\.sublime-project|devcontainer\.json`),
  // MCP configuration.
  last(String.raw`\.?mcp([-_.].*)?\.json|.*mcp_settings\.json|claude_desktop_config\.json`),
  // Rule files of agents, ours and others'.
  part(
    String.raw`\.cursor|\.claude|\.codex|\.gemini|\.roo|\.clinerules.*|\.cline|\.kilocode|\.continue|\.windsurf|\.aider.*`,
  ),
  part(String.raw`\.opencode|\.openclaw|\.pi|\.agents?|\.copilot|\.amazonq|\.junie|\.kiro`),
  part(String.raw`\.qwen|\.goose|\.factory|\.crush|\.trae|\.augment|\.openhands|\.amp|\.warp`),
  last(String.raw`\.?(opencode|crush)\.jsonc?|\.rules`),
  last(String.raw`(agents|claude|gemini|qwen|soul|memory|copilot-instructions|skill)(\.local)?\.md`),
  last(String.raw`\.(cursorrules|windsurfrules|roomodes|rooignore|clineignore|cursorignore|goosehints)`),
  part('memory', String.raw`\d{4}-\d{2}-\d{2}\.md`),
  // Git's hooks and configuration, and what runs by itself on a server.
  part(String.raw`\.git|\.husky|\.githooks|\.hg|\.svn|\.jj`),
  last(
    String.raw`\.git(config|attributes|modules|ignore_global)?|\.pre-commit-config\.ya?ml|lefthook\.ya?ml`,
  ),
  part(String.raw`\.github`),
  part(String.raw`\.gitlab|\.circleci|\.buildkite|\.forgejo|\.gitea`),
  last(String.raw`\.gitlab-ci\.yml|azure-pipelines\.yml|jenkinsfile|\.travis\.yml`),
  // Environment and shell start-up files.
  last(
    String.raw`\.env(\..*|rc)?|.*\.env|\.(bash|zsh|profile|bash_profile|bashrc|zshrc|zshenv|zprofile|login|cshrc|tcshrc).*`,
  ),
  part(String.raw`\.ssh|\.aws|\.gnupg|\.kube|\.docker|\.config`),
  // Scripts and settings that package tools run.
  last(
    String.raw`package\.json|\.npmrc|\.yarnrc(\.yml)?|\.pnpmfile\.c?js|pnpm-workspace\.yaml|bunfig\.toml|deno\.jsonc?`,
  ),
  part(String.raw`\.yarn`),
  last(
    String.raw`pip\.conf|\.pypirc|setup\.py|conftest\.py|sitecustomize\.py|.*\.pth|\.cargo|build\.rs|justfile|\.tool-versions|mise\.toml`,
  ),
  part(String.raw`\.cargo|\.mvn|\.gradle|\.direnv`),
  // Programs that run under the names of others.
  part(String.raw`\.bin|\.venv`),
  last(String.raw`makefile|gnumakefile|taskfile\.ya?ml|rakefile`),
  last(String.raw`package\.(json5|ya?ml)|composer\.json|.*\.gradle(\.kts)?|(gradlew|mvnw)(\.bat|\.cmd)?`),
  // Ours.
  part(String.raw`\.butler`),
];

/** Files that look like they hold secrets; reading one is asked for. */
const secret: readonly RegExp[] = [
  last(String.raw`\.env(\..*|rc)?|.*\.env`),
  last(String.raw`.*\.(pem|key|p12|pfx|jks|keystore|kdbx|asc|ppk)`),
  last(
    String.raw`id_(rsa|dsa|ecdsa|ed25519)|\.netrc|_netrc|\.pgpass|\.npmrc|\.pypirc|\.git-credentials|\.htpasswd`,
  ),
  last(String.raw`(credentials|secrets?|service[-_]account.*)(\.(json|ya?ml|toml|ini|txt))?`),
  part(String.raw`\.ssh|\.aws|\.gnupg|\.kube|\.docker`),
];

/** Whether writing there could widen an agent's rights (SECURITY S1). `path` may be relative or absolute. */
export function isGuarded(path: string): boolean {
  const folded = fold(path);
  return guarded.some((pattern) => pattern.test(folded));
}

/** Whether a file looks like it holds secrets. */
export function looksSecret(path: string): boolean {
  const folded = fold(path);
  return secret.some((pattern) => pattern.test(folded));
}

/** Folds away what some file system ignores: case, Unicode forms, invisible marks, trailing dots and spaces, streams. */
export function fold(path: string): string {
  return path
    .normalize('NFKC')
    .replace(/\p{Cf}|\p{Mn}/gu, '')
    .toLowerCase()
    .split(/[/\\]+/)
    .map((name) => (/^\.+$/.test(name) ? name : name.replace(/:.*$/, '').replace(/[. ]+$/, '')))
    .join('/');
}

function part(names: string, below?: string): RegExp {
  return below ? new RegExp(`(^|/)(${names})/(${below})$`) : new RegExp(`(^|/)(${names})(/|$)`);
}

function last(names: string): RegExp {
  return new RegExp(`(^|/)(${names})$`);
}
