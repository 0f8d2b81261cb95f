import { encodedPath } from '../http/encodedPath.ts';
import { placeOf, type S3Config } from './config.ts';

/** The folder of a config as a person knows it. */
export function addressOf(config: S3Config): string {
  return placeOf(config).base.origin + pathOf(config, keyOf(config, '').replace(/\/$/, ''));
}

/** The key of a path in the folder of a config. */
export function keyOf({ prefix }: S3Config, path: string): string {
  const folder = prefix.replace(/\/$/, '');
  return folder === '' ? path : `${folder}/${path}`;
}

/** The path of an object, or of the bucket, as it goes over the wire. */
export function pathOf(config: S3Config, key = ''): string {
  const { root } = placeOf(config);
  return key === '' && root !== '' ? root : `${root}/${encodedPath(key)}`;
}

/** Where people see a file: the public address of the config, or the object itself where all may read it. */
export function urlOf(config: S3Config, path: string): string | null {
  if (config.url) return `${config.url.replace(/\/$/, '')}/${encodedPath(path)}`;
  if (config.visibility !== 'public') return null;
  return placeOf(config).base.origin + pathOf(config, keyOf(config, path));
}
