/**
 * Files whose change would widen an agent's rights or run code by itself (SECURITY S1), as patterns over the
 * folded path. A pattern names whole path parts: `a/` any part below a folder, a name without `/` the last part.
 */
const guarded: readonly RegExp[] = [
  // Editor settings and workspace files.
  part(String.raw`\.vscode|\.vscode-server|\.idea|\.fleet|\.zed|\.devcontainer|\.vs|\.settings|\.run`),
  part(String.raw`\.helix|\.nova|\.theia|\.void|\.emacs\.d`),
  last(
    String.raw`.*\.code-workspace|.*\.sublime-(project|workspace|settings)|\.?devcontainer\.json|\.editorconfig`,
  ),
  last(String.raw`[._]?(vimrc|exrc|nvimrc|lvimrc|nvim\.lua)|\.dir-locals(-2)?\.el|\.emacs`),
  // MCP configuration.
  last(String.raw`\.?mcp([-_.].*)?\.(json|ya?ml)|.*mcp_settings\.json|claude_desktop_config\.json`),
  part(String.raw`\.mcp`),
  // Rule files of agents, ours and others'.
  part(
    String.raw`\.cursor(-plugin)?|\.claude(-plugin)?|\.codex|\.gemini|\.roo(rules)?(-.*)?|\.clinerules.*|\.cline|\.kilocode`,
  ),
  part(
    String.raw`\.continue(rules)?|\.windsurf|\.aider.*|\.rovodev|\.aiassistant|\.tabnine|\.vibe|\.zencoder`,
  ),
  part(
    String.raw`\.opencode|\.openclaw|\.pi|\.agents?|\.copilot|\.amazonq|\.junie|\.kiro|\.codebuddy|\.iflow`,
  ),
  part(
    String.raw`\.qwen|\.goose|\.factory|\.crush|\.trae|\.augment|\.openhands|\.amp|\.warp|\.skills|\.cody`,
  ),
  last(String.raw`\.?(opencode|crush)\.jsonc?|\.rules|\.(claude|firebender|continuerc)\.json|\.replit`),
  last(
    String.raw`(agents?|claude|gemini|qwen|codex|warp|soul|memory|copilot-instructions|skill)(\.(local|override))?\.md`,
  ),
  last(String.raw`.+\.(instructions|prompt|chatmode|agent)\.md`),
  last(
    String.raw`\.(cursor|windsurf)rules|\.(roo|kilocode)modes|\.(roo|cline|cursor|gemini|codeium)ignore|\.aiignore`,
  ),
  last(String.raw`\.goosehints|\.augment-guidelines`),
  part('memory', String.raw`\d{4}-\d{2}-\d{2}\.md`),
  // Git's hooks and configuration, also of a repository without a work tree, and what runs by itself on a server.
  part(String.raw`.*\.git|git~\d|\.husky|\.githooks|\.hg|\.svn|\.jj`),
  last(String.raw`head|\.(git|lfs)config|\.git(attributes|modules|ignore_global)|\.hgrc`),
  last(
    String.raw`\.pre-commit-(config|hooks)\.ya?ml|\.?lefthook(-local)?\.(ya?ml|toml|json)|\.huskyrc(\..*)?`,
  ),
  last(String.raw`\.?(simple-git-hooks|lint-staged(\.config)?|lintstagedrc)(\..*)?`),
  part(String.raw`\.github|\.gitlab|\.circleci|\.buildkite|\.forgejo|\.gitea|\.woodpecker|\.teamcity`),
  last(
    String.raw`(\.gitlab-ci|azure-pipelines|\.travis|bitbucket-pipelines|\.drone|\.?appveyor|\.woodpecker)\.ya?ml`,
  ),
  last(String.raw`(cloudbuild|buildspec)\.ya?ml|jenkinsfile`),
  // Environment files, and what shells and other programs read when they start in a folder.
  last(
    String.raw`\.env(\..*|rc)?|.*\.env|\.flaskenv|\.dev\.vars|\.(bash|zsh|profile|login|cshrc|tcshrc|kshrc).*`,
  ),
  last(String.raw`\.(gdbinit|lldbinit|rprofile|renviron|irbrc|pryrc|pdbrc)`),
  part(String.raw`\.ssh|\.aws|\.gnupg|\.kube|\.docker|\.config|\.bundle`),
  // Scripts and settings that package tools run.
  last(
    String.raw`package\.json|\.npmrc|\.yarnrc(\.yml)?|\.pnpmfile\.c?js|pnpm-workspace\.yaml|bunfig\.toml|deno\.jsonc?`,
  ),
  part(String.raw`\.yarn`),
  last(
    String.raw`pip\.conf|\.pypirc|pyproject\.toml|setup\.(py|cfg)|tox\.ini|noxfile\.py|pipfile|(poetry|uv)\.toml`,
  ),
  last(String.raw`conftest\.py|sitecustomize\.py|.*\.pth|cargo\.toml|build\.rs|\.?justfile|\.tool-versions`),
  part(String.raw`\.cargo|\.mvn|\.gradle|\.direnv|\.mise`),
  last(String.raw`\.?mise(\.local)?\.toml|(flake|shell|devenv)\.nix|procfile|gemfile|.*\.gemspec|mix\.exs`),
  // Programs that run under the names of others.
  part(String.raw`\.bin|\.venv`),
  last(String.raw`makefile|gnumakefile|taskfile\.ya?ml|rakefile|package\.swift`),
  last(
    String.raw`package\.(json5|ya?ml)|composer\.json|pom\.xml|.*\.gradle(\.kts)?|(gradlew|mvnw)(\.bat|\.cmd)?|.*\.sbt`,
  ),
  last(String.raw`gradle(-wrapper)?\.properties|nuget\.config|directory\.build\.(props|targets)`),
  // Ours.
  part(String.raw`\.butler`),
];

/** Files that look like they hold secrets; reading one is asked for. */
const secret: readonly RegExp[] = [
  last(String.raw`\.env(\..*|rc)?|.*\.env|\.flaskenv|\.dev\.vars`),
  last(String.raw`.*\.(pem|key|p12|pfx|jks|keystore|kdbx|asc|ppk|ovpn|tfvars|tfstate)`),
  last(
    String.raw`id_(rsa|dsa|ecdsa|ed25519)(_sk)?|\.netrc|_netrc|\.pgpass|\.npmrc|\.pypirc|\.git-credentials|\.htpasswd`,
  ),
  last(String.raw`\.my\.cnf|\.s3cfg|\.boto|\.vault-token|\.dockercfg|\.?kubeconfig|auth\.json`),
  last(String.raw`(credentials|secrets?|service[-_]account.*|client_secret.*)(\.(json|ya?ml|toml|ini|txt))?`),
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
