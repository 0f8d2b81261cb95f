import * as z from 'zod';
import { targetFields } from '../../extension/targetFields.ts';
import { createProviders } from '../../server/adapters/providers/index.ts';
import { targets } from '../../server/adapters/targets/index.ts';

/** Configs of each target with an account, so that every field that an account of it has is in one of them. */
const accountsOf: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  github: [{ repository: 'octo/site' }],
  gist: [{}],
  ftp: ['sftp', 'ftps'].map((protocol) => ({ protocol, host: 'example.org', user: 'anna', folder: 'site' })),
  s3: [{ bucket: 'site' }],
  webdav: [{ folder: 'https://example.org/dav', user: 'anna' }],
  youtube: [{ madeForKids: false }],
};

/** Every text that targets, their accounts and providers bring, as the extension shows them. */
export function workerTexts(): Set<string> {
  return new Set([...targetTexts(), ...accountTexts(), ...providerTexts()].filter(Boolean));
}

/** The targets with an account of which no config is known here. */
export function targetsWithoutConfig(): string[] {
  return targets.filter(({ name, account }) => account && !accountsOf[name]).map(({ name }) => name);
}

function targetTexts(): string[] {
  return targets.flatMap(({ title, about, config }) => {
    const fields = targetFields(z.toJSONSchema(config, { io: 'input' }));
    return [title, about, ...fields.flatMap((field) => [field.title, field.about])];
  });
}

function accountTexts(): string[] {
  const accounts = targets.flatMap(({ name, config, account }) =>
    (accountsOf[name] ?? []).flatMap((one) => account?.(config.parse(one)) ?? []),
  );
  return accounts.flatMap(({ help, fields }) => [
    help,
    ...fields.flatMap(({ title, description }) => [title, description]),
  ]);
}

/** What providers say of themselves; one of an address of the person's own names that, and stays as it is. */
function providerTexts(): string[] {
  const settings = { secret: async () => null, playbooks: [], editorModels: null, addresses: {} };
  const here = { name: 'here', kind: 'compatible', baseUrl: 'http://127.0.0.1:9' } as const;
  const far = { name: 'far', kind: 'ollama', baseUrl: 'http://ollama.example.org' } as const;
  return createProviders([here, far], settings).map(({ about }) => about);
}
