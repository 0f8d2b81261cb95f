/** The host of a web address as curl or a browser reads it; `null` where it is anything but a plain one. */
export function hostOf(address: string): string | null {
  const found = /^(?:https?:\/\/)?([A-Za-z0-9.-]+)(?::\d{1,5})?(?:[/?#][\w!$&'()*+,;=:@/?#%.~-]*)?$/.exec(
    address,
  );
  const host = found?.[1]?.toLowerCase().replace(/\.$/, '') ?? '';
  return host.length > 0 && host.length <= 253 && !host.startsWith('-') && !host.includes('..') ? host : null;
}

/** The host of a repository or a place on another machine: a web address, `ssh://…`, `user@host:path`. */
export function remoteHostOf(address: string): string | null {
  if (/^[a-z]+:\/\/[^/]*@[^/]*@|^[a-z]+:\/\/[^/@]*:[^/]*@/i.test(address)) return null;
  const found = /^(?:(?:https?|ssh|git):\/\/)?(?:[A-Za-z0-9._-]+@)?([A-Za-z0-9.-]+)(?::\d+\/|[:/])/.exec(
    address,
  );
  return found?.[1]?.toLowerCase() ?? null;
}
