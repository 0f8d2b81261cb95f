import * as z from 'zod';
import { Nothing, notification, request } from './message.ts';

/** What a tool, a server or a plugin may need (SPEC C7). */
export const Permission = z.enum([
  'read',
  'write',
  'delete',
  'run',
  'network',
  'publish',
  'send',
  'spend',
  'editor',
  'person',
]);
export type Permission = z.infer<typeof Permission>;

/** One permission with the reason that its holder gives. */
export const Need = z.strictObject({ permission: Permission, reason: z.string().min(1).max(300) });
export type Need = z.infer<typeof Need>;

/** Whoever needs permissions, and how each stands. */
export const Holder = z.strictObject({
  /** `tool:run_command`, `mcp:github`. */
  id: z.string().max(160),
  title: z.string(),
  about: z.string(),
  needs: z.array(
    z.strictObject({
      ...Need.shape,
      /** `unasked`: not granted, and nobody was asked yet. */
      state: z.enum(['granted', 'revoked', 'unasked']),
    }),
  ),
});
export type Holder = z.infer<typeof Holder>;

export const listPermissions = request('butler/permission/list', {
  from: 'client',
  page: true,
  does: 'Lists every holder of permissions with what it needs, why, and how that stands.',
  params: Nothing,
  result: z.strictObject({ holders: z.array(Holder) }),
});

export const checkPermission = request('butler/permission/check', {
  from: 'client',
  page: true,
  does: 'Says whether a holder has a permission now.',
  params: z.strictObject({ holder: z.string(), permission: Permission }),
  result: z.strictObject({ granted: z.boolean() }),
});

export const changePermission = request('butler/permission/change', {
  from: 'client',
  page: false,
  does: 'Grants or revokes a permission; a revoked one refuses every call that needs it.',
  params: z.strictObject({ holder: z.string(), permission: Permission, granted: z.boolean() }),
  result: Holder,
});

export const permissionsChanged = notification('butler/permission/changed', {
  from: 'worker',
  page: true,
  does: 'Permissions or their holders changed; list them again.',
  params: Nothing,
});

export const permissionMessages = [listPermissions, checkPermission, changePermission, permissionsChanged];
