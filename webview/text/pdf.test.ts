import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { pdfFacts } from './pdf.ts';

const facts = (...parts: (string | Buffer)[]) =>
  pdfFacts(
    new Blob([new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))))]),
  );

describe('a look into a PDF', () => {
  it('finds how many pages it has, and its title, not those of its chapters', async () => {
    const found = await facts(
      '%PDF-1.4\n1 0 obj<</Type /Catalog /Pages 2 0 R /Outlines 5 0 R>>endobj\n',
      '2 0 obj\n<< /Count 12\n/Kids [3 0 R 4 0 R] /Type /Pages >>\nendobj 3 0 obj<</Type/Pages/Count 7>>endobj\n',
      '5 0 obj<</Type/Outlines/Count 99>>endobj 6 0 obj<</Title(Chapter)/Parent 5 0 R>>endobj\n',
      '7 0 obj<</Creator(a)/Title(Gr\\374\xdfe \\(1\\)\\\n)>>endobj\n%%EOF',
    );
    assert.deepEqual(found, { pages: 12, title: 'Grüße (1)' });
  });

  it('finds them in the packed parts of newer ones too', async () => {
    const packed = deflateSync(
      '1 0 2 40 <</Type/Pages/Count 3/Kids[4 0 R]>> <</Producer(a)/Title<FEFF0041 00DF>>>',
    );
    const head = `%PDF-1.7\n8 0 obj<</Type/ObjStm/N 2/First 9/Filter/FlateDecode/Length ${packed.length}>>\nstream\r\n`;
    const found = await facts(head, packed, '\r\nendstream endobj\n%%EOF');
    assert.deepEqual(found, { pages: 3, title: 'Aß' });
  });

  it('says nothing of what it does not understand', async () => {
    const nothing = { pages: null, title: '' };
    assert.deepEqual(await facts(''), nothing);
    assert.deepEqual(await facts('%PDF-1.4 <</Type/Pages/Count x>>endobj'), nothing);
    assert.deepEqual(await facts('/Encrypt 9 0 R <</Producer(a)/Title(\x01\x02)>>endobj'), nothing);
    assert.deepEqual(await facts('<</Type/ObjStm>>stream\nno deflate endstream'), nothing);
    const hostile = ['/Type /ObjStm '.repeat(100_000), '>>'.padEnd(500_000), '/Title('.repeat(100_000)];
    for (const text of hostile) assert.deepEqual(await facts('/Producer ', text), nothing);
  });

  it('unpacks no more than it needs of what would fill the memory', async () => {
    const bomb = deflateSync(Buffer.alloc(20_000_000));
    const part = `<</Type/ObjStm>>stream\n`;
    const all = Array.from({ length: 2 }, () => [part, bomb, 'endstream ']).flat();
    assert.deepEqual(await facts(...all, '<</Type/Pages/Count 2>>endobj'), { pages: 2, title: '' });
  });
});
