import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { clearance, heightAt } from './tide.js';

const { values } = parseArgs({
  options: {
    at: { type: 'string', default: new Date().toISOString().slice(0, 16) },
    draught: { type: 'string', default: '1.5' },
    depth: { type: 'string', default: '0' },
    table: { type: 'string', default: 'tides.json' },
  },
});

const tides = JSON.parse(await readFile(values.table, 'utf8'));
const height = heightAt(tides, values.at);
if (height === null) {
  console.error(`The table says nothing about ${values.at}.`);
  process.exit(2);
}

// FIXME: a draught that is not a number gives "NaN m to spare" instead of an error.
const spare = clearance({ height, depth: Number(values.depth), draught: Number(values.draught) });
const words = spare >= 0 ? `you float, ${spare.toFixed(2)} m to spare` : 'you sit on the ground';
console.log(`${values.at.slice(11)}  ${height.toFixed(2)} m  ${words}`);
process.exit(spare >= 0 ? 0 : 1);
