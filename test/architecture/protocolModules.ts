import { globSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Message } from '../../server/protocol/message.ts';
import { isTest, root } from './tree.ts';

/** The exported values of every file of the contract, by file name without its ending. */
export async function protocolModules(): Promise<Map<string, Record<string, unknown>>> {
  const files = globSync('server/protocol/*.ts', { cwd: root }).filter((file) => !isTest(file));
  const loaded = files.sort().map(async (file): Promise<[string, Record<string, unknown>]> => {
    const values: Record<string, unknown> = { ...(await import(path.join(root, file))) };
    return [path.basename(file, '.ts'), values];
  });
  return new Map(await Promise.all(loaded));
}

/** Whether an exported value is a message of the contract. */
export function isMessage(value: unknown): value is Message {
  const kind = value !== null && typeof value === 'object' && 'kind' in value && value.kind;
  return kind === 'request' || kind === 'notification';
}

/** Whether an exported value is a schema. */
export function isSchema(value: unknown): value is z.ZodType {
  return value instanceof z.ZodType;
}
