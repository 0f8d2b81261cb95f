import assert from 'node:assert/strict';
import { noHeader } from './refusal.ts';
import { retryAfter } from './retryAfter.ts';

const now = Date.UTC(2026, 10, 22);

/** The pause, in ms, that headers and a body ask for. */
const pause = (headers: Readonly<Record<string, string>>, body = '{}') => {
  const until = retryAfter({ header: (name) => headers[name] ?? null, body }, now);
  return until === undefined ? undefined : until - now;
};
const said = (message: string) => JSON.stringify({ error: { message, code: 'rate_limit_exceeded' } });

describe('the end of a limit', () => {
  it('is read from the header for it, in seconds, as a date, and in ms, which is the exacter one', () => {
    assert.equal(pause({ 'retry-after': '7' }), 7000);
    assert.equal(pause({ 'retry-after': 'Sun, 22 Nov 2026 00:01:00 GMT' }), 60_000);
    assert.equal(pause({ 'retry-after-ms': '1500', 'retry-after': '2' }), 1500);
    assert.equal(pause({ 'retry-after-ms': 'soon', 'retry-after': '2' }), 2000);
  });

  it('is read from the words of OpenAI, Groq and Azure', () => {
    for (const [words, expected] of [
      ['Limit 200000, Used 199358, Requested 1512. Please try again in 6m15.84s. Need more?', 375_840],
      ['Please try again in 20ms.', 20],
      ['Please try again in 1h2m3s', 3_723_000],
      ['Please retry after 26 seconds.', 26_000],
      ['Please retry in 34.5s.', 34_500],
      ['Please try again in a while.', undefined],
    ] as const)
      assert.equal(pause({}, said(words)), expected, words);
  });

  it('is read from the delay of Google, also in the list of its other form', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '45.837906927s' }];
    assert.equal(pause({}, JSON.stringify([{ error: { code: 429, details } }])), 45_838);
  });

  it('is read from the limits that are used up, and from no other', () => {
    const full = { 'x-ratelimit-remaining-requests': '99', 'x-ratelimit-reset-requests': '6m0s' };
    assert.equal(pause(full), undefined);
    const tokens = { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '7.66s' };
    assert.equal(pause({ ...full, ...tokens }), 7660);
    const both = { ...tokens, 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '120ms' };
    assert.equal(pause(both), 7660);
    const claude = (left: string) => ({
      'anthropic-ratelimit-input-tokens-remaining': left,
      'anthropic-ratelimit-input-tokens-reset': '2026-11-22T00:00:45Z',
    });
    assert.equal(pause(claude('0')), 45_000);
    assert.equal(pause(claude('1000')), undefined);
  });

  it('is read from the headers that OpenRouter puts into its error, in ms since 1970', () => {
    const limit = (headers: object) => JSON.stringify({ error: { code: 429, metadata: { headers } } });
    const reset = {
      'X-RateLimit-Limit': '20',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': `${now + 9000}`,
    };
    assert.equal(pause({}, limit(reset)), 9000);
    assert.equal(pause({}, limit({ 'Retry-After': '17' })), 17_000);
    assert.equal(pause({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${now / 1000 + 9}` }), 9000);
    assert.equal(pause({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' }), 9000);
  });

  it('is not known where nothing of it is said, or nothing that can be', () => {
    assert.equal(retryAfter({ header: noHeader, body: '' }, now), undefined);
    for (const after of ['1e300', 'Infinity', 'soon', ''])
      assert.equal(pause({ 'retry-after': after }), undefined);
    assert.equal(pause({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'never' }), undefined);
    assert.equal(pause({}, said('Please try again in 1.2.3s')), undefined);
  });
});
