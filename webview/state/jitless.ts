import * as z from 'zod';

/** The page's policy forbids code made from text; zod would only try and be reported. Imported before any schema. */
export const jitless = z.config({ jitless: true });
