import { type Failure, failures } from '../protocol/failure.ts';
import { type ProviderConfig, ProviderKind } from '../protocol/provider.ts';

/** What of a kind of provider a person can set up, and what it cannot be without. */
interface Rule {
  readonly baseUrl: 'needed' | 'allowed' | 'none';
  readonly configurable: boolean;
}

const service: Rule = { baseUrl: 'allowed', configurable: true };

const rules: Readonly<Record<ProviderKind, Rule>> = {
  offline: { baseUrl: 'none', configurable: false },
  anthropic: service,
  openai: service,
  google: service,
  mistral: service,
  groq: service,
  ollama: service,
  compatible: { baseUrl: 'needed', configurable: true },
  editor: { baseUrl: 'none', configurable: true },
};

/** What is wrong with the set-up of a provider beyond its shape; `null` where nothing is. */
export function faultOf(config: ProviderConfig): Failure | null {
  const { name, kind, baseUrl } = config;
  const rule = rules[kind];
  if (!rule.configurable) {
    return failures.invalid('kind', `Nothing can be set up of "${kind}".`, 'It is always there.');
  }
  const named = ProviderKind.safeParse(name.toLowerCase());
  if (named.success && !(name === named.data && named.data === kind)) {
    return failures.invalid('name', `"${name}" names another kind of provider.`, 'Choose another name.');
  }
  if (name in Object.prototype) {
    return failures.invalid('name', `"${name}" cannot be a name here.`, 'Choose another name.');
  }
  if (rule.baseUrl === 'needed' && !baseUrl) {
    const mend = 'Give its base URL, such as http://127.0.0.1:8080/v1.';
    return failures.invalid('baseUrl', 'An OpenAI-compatible service has no public address.', mend);
  }
  if (rule.baseUrl === 'none' && baseUrl) {
    return failures.invalid('baseUrl', `"${kind}" has no address.`, 'Leave the base URL out.');
  }
  return baseUrl ? addressFault(new URL(baseUrl)) : null;
}

/** Whether two set-ups of one name lead to the same place, so that the key of one may go where the other leads. */
export function isSamePlace(one: Place, other: Place): boolean {
  return one.kind === other.kind && originOf(one) === originOf(other);
}

/** Where a set-up leads; the name of a new one may be that of no kind. */
interface Place {
  readonly name: string;
  readonly kind: string;
  readonly baseUrl?: string | undefined;
}

function originOf({ baseUrl }: Place): string {
  return baseUrl ? new URL(baseUrl).origin : 'public';
}

function addressFault({ username, password, search, hash }: URL): Failure | null {
  if (username || password) {
    return failures.invalid('baseUrl', 'The base URL holds a name or password.', 'Set the API key instead.');
  }
  if (search || hash) {
    return failures.invalid(
      'baseUrl',
      'The base URL goes on after its path.',
      'Leave out what follows "?" or "#".',
    );
  }
  return null;
}
