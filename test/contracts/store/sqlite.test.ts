import { deliveryContract } from './deliveryContract.ts';
import { deliveryProperties } from './deliveryProperties.ts';
import { jobContract } from './jobContract.ts';
import { leaseContract } from './leaseContract.ts';
import { setUpContract } from './setUpContract.ts';
import { sqliteUnderTest } from './sqliteUnderTest.ts';
import { storeContract } from './storeContract.ts';
import { storeProperties } from './storeProperties.ts';

storeContract('SQLite', sqliteUnderTest);
leaseContract('SQLite', sqliteUnderTest);
jobContract('SQLite', sqliteUnderTest);
deliveryContract('SQLite', sqliteUnderTest);
deliveryProperties('SQLite', sqliteUnderTest);
setUpContract('SQLite', sqliteUnderTest);
storeProperties('SQLite', sqliteUnderTest);
