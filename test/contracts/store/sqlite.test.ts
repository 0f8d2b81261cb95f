import { leaseContract } from './leaseContract.ts';
import { sqliteUnderTest } from './sqliteUnderTest.ts';
import { storeContract } from './storeContract.ts';
import { storeProperties } from './storeProperties.ts';

storeContract('SQLite', sqliteUnderTest);
leaseContract('SQLite', sqliteUnderTest);
storeProperties('SQLite', sqliteUnderTest);
