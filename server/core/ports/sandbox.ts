/** Whether commands can be held here, by what, or why not and what mends it. */
export type SandboxState =
  | { readonly holds: true; readonly by: string }
  | { readonly holds: false; readonly why: string; readonly mend: string };

/** What holds a command that runs (SPEC D3). */
export interface Sandbox {
  state(): Promise<SandboxState>;
}
