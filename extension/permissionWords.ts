import type { Holder, Permission } from '../server/protocol/permission.ts';
import { plainText } from './plainText.ts';
import type { Translate } from './translate.ts';

export type Need = Holder['needs'][number];

/** What a permission lets its holder do, in words. */
export function permissionWords(permission: Permission, t: Translate): string {
  const words: Record<Permission, () => string> = {
    read: () => t('read files'),
    write: () => t('write files'),
    delete: () => t('delete files'),
    run: () => t('run programs'),
    network: () => t('use the network'),
    publish: () => t('publish'),
    send: () => t('send messages'),
    spend: () => t('spend money'),
    editor: () => t('ask the editor'),
    person: () => t('ask you questions'),
  };
  return words[permission]();
}

/** How a permission stands, as a codicon and in words. */
export function standing({ state }: Pick<Need, 'state'>, t: Translate): { icon: string; words: string } {
  const looks = {
    granted: () => ({ icon: 'check', words: t('granted') }),
    revoked: () => ({ icon: 'circle-slash', words: t('revoked') }),
    unasked: () => ({ icon: 'question', words: t('not asked yet') }),
  };
  return looks[state]();
}

/** Who needs permissions, as a person may read it. */
export function holderName({ id, title }: Pick<Holder, 'id' | 'title'>): string {
  return id.startsWith('mcp:') ? `${plainText(title, 80)} (MCP)` : plainText(title, 80);
}

/** Who holds the permissions of a tool: a built-in one itself, for one of a server that server. */
export function holderOfTool(holders: readonly Holder[], tool: string): Holder | undefined {
  const [, server] = /^mcp__(.+?)__/.exec(tool) ?? [];
  if (server === undefined) return holders.find(({ id }) => id === `tool:${tool}`);
  const ofServer = holders.filter(({ id }) => id === `mcp:${server}` || id.startsWith(`mcp:${server}@`));
  return ofServer.find(({ needs }) => needs.some(({ state }) => state === 'unasked')) ?? ofServer[0];
}
