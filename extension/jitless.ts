import * as z from 'zod';

/** Schemas are read step by step, without code made on the fly. Imported before any schema. */
export const jitless = z.config({ jitless: true });
