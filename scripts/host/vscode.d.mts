import type { Browser } from 'playwright-core';

/** How a VS Code for the browser is started. */
export interface VsCodeOptions {
  readonly vsix?: string;
  readonly driver?: boolean;
  readonly trust?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly home?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Folders of extensions that are there from the start. */
  readonly extensions?: readonly string[];
}

/** A VS Code for the browser that runs. */
export interface VsCode {
  readonly port: number;
  /** Where it keeps its settings, its extensions and the butler's store. */
  readonly folder: string;
  /** The Chromium to look at it. */
  readonly executablePath: string;
  output(): string;
  url(opened: string, payload?: readonly (readonly [string, string])[]): string;
  close(): Promise<void>;
}

export function startVsCode(options?: VsCodeOptions): Promise<VsCode>;
export function openChromium(executablePath: string): Promise<Browser>;
export function remoteUri(port: number, file: string): string;
