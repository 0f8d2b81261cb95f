import { hash, randomUUID } from 'node:crypto';
import { lstat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { youth } from '../youth.ts';
import { jsonAt } from './jsonAt.ts';

const Owner = z.strictObject({ host: z.string(), pid: z.int(), token: z.string() });
type Owner = z.infer<typeof Owner>;

/** Tells this process apart from an earlier one that had the same number. */
const self = { host: hash('sha256', hostname()).slice(0, 12), pid: process.pid, token: randomUUID() };

const ownerName = 'owner.json';

/** Writes into a stage whose it is. */
export async function own(stage: string): Promise<void> {
  const file = path.join(stage, ownerName);
  await writeFile(file, JSON.stringify(self));
  await sign(file);
}

/** Says now and then that the owner of a stage is at work, until it is disposed. */
export function signsOfLife(stage: string): Disposable {
  const timer = setInterval(() => {
    sign(path.join(stage, ownerName)).catch(() => {});
  }, youth / 5).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Whether a stage is this process's own: another may have taken it over when this one slept for long. */
export async function isOwn(stage: string): Promise<boolean> {
  return (await ownerWritten(stage))?.token === self.token;
}

/** Whether somebody works on a stage. The owner stands in the name while a stage is made or recovered, else in the stage. */
export async function isAtWork(stage: string): Promise<boolean> {
  return isAlive(ownerInName(stage) ?? (await ownerWritten(stage)), stage);
}

/** The same whatever its name says, for a stage that was just given another one. */
export async function isHeld(stage: string): Promise<boolean> {
  return isAlive(await ownerWritten(stage), stage);
}

/** What puts a stage's owner into its name. */
export function ownSuffix(): string {
  return `${self.host}.${self.pid}.${self.token}.${randomUUID()}`;
}

/** A sign of life is of our clock, whatever that of the disk says. */
async function sign(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now);
}

/** A stage without an owner was left behind. The number of one that died may be another's by now: signs of life count. */
async function isAlive(owner: Owner | null, stage: string): Promise<boolean> {
  if (owner === null || (owner.host === self.host && !isRunning(owner))) return false;
  const signs = await Promise.all([stage, path.join(stage, ownerName)].map(changedAt));
  return signs.some((time) => Math.abs(Date.now() - time) < youth);
}

function isRunning(owner: Owner): boolean {
  if (owner.pid === self.pid) return owner.token === self.token;
  try {
    return process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function changedAt(at: string): Promise<number> {
  return (await lstat(at).catch(() => null))?.mtimeMs ?? 0;
}

async function ownerWritten(stage: string): Promise<Owner | null> {
  return Owner.safeParse(await jsonAt(path.join(stage, ownerName))).data ?? null;
}

function ownerInName(stage: string): Owner | null {
  const [, host, pid, token] = /butler-publish-([^.]+)\.(\d+)\.([^.]+)\.[^.]+$/.exec(stage) ?? [];
  return host && pid && token ? { host, pid: Number(pid), token } : null;
}
