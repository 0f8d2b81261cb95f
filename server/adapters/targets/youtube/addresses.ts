import type { SignInPlace } from '../../signIn/tokens.ts';

/** Where the service is; others than the real ones are for tests, and no config can name them. */
export interface Addresses {
  /** The origin of the API, of uploads too. */
  readonly api: string;
  readonly signIn: SignInPlace;
  /** How long each try waits after one in vain, in ms; as many as there are. */
  readonly waits: readonly number[];
  /** Bytes that are sent in one piece: a multiple of 256 KiB. */
  readonly piece: number;
}

/** The real service. */
export const real: Addresses = {
  api: 'https://www.googleapis.com',
  signIn: {
    title: 'Google',
    authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
    token: 'https://oauth2.googleapis.com/token',
    // The only one scope that lets upload, caption, look and delete; a narrower one cannot take back.
    scope: 'https://www.googleapis.com/auth/youtube.force-ssl',
    wants: { access_type: 'offline', prompt: 'consent' },
  },
  waits: [500, 1000, 2000, 4000, 8000],
  piece: 8 * 1024 * 1024,
};
