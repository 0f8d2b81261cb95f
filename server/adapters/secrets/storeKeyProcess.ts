import { openSecrets } from './openSecrets.ts';
import { storeKey } from './storeKey.ts';

const [file = '', store = ''] = process.argv.slice(2);
const key = await storeKey(openSecrets({ file }), store);
process.send?.(key.ok ? Buffer.from(key.value).toString('hex') : key.failure.what);
