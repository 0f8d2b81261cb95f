// Past the package's own door, which would bring the schemas of its configuration files along.
import { SandboxManager } from '@anthropic-ai/sandbox-runtime/dist/sandbox/sandbox-manager.js';

/** The sandbox runtime at work. */
export type Runtime = typeof SandboxManager;

/**
 * Starts the sandbox runtime, which lets nobody out but by the lists that single commands are registered with. This
 * file is loaded with the first command that needs it.
 */
export async function startRuntime(programs: {
  readonly rg: string;
  readonly bwrap?: string;
  readonly socat?: string;
}): Promise<Runtime> {
  const { rg, bwrap, socat } = programs;
  await SandboxManager.initialize({
    network: { allowedDomains: [], deniedDomains: [] },
    filesystem: { denyRead: [], allowWrite: [], denyWrite: [] },
    ripgrep: { command: rg },
    ...(bwrap ? { bwrapPath: bwrap } : {}),
    ...(socat ? { socatPath: socat } : {}),
  });
  return SandboxManager;
}
