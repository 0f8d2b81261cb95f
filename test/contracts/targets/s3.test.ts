import { s3 } from '../../../server/adapters/targets/s3.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { startS3Remote } from '../../servers/s3Remote.ts';
import { remoteSuite } from './remoteSuite.ts';

remoteSuite({
  name: 's3',
  target: s3 as Target,
  start: startS3Remote,
  flat: true,
  late: 'a bucket renames nothing',
  wrong: { credential: { accessKeyId: 'S3RVER', secretAccessKey: 'not the right one' }, kind: 'auth' },
  wrongConfig: { bucket: 'site', endpoint: 'https://user:word@example.org/path' },
});
