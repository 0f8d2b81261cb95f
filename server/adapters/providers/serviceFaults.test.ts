import assert from 'node:assert/strict';
import type { FailureKind } from '../../protocol/failure.ts';
import { noHeader, Refusal } from './refusal.ts';
import { faultOf, SaidWithin } from './serviceFaults.ts';

const context = { title: 'It', model: 'some-model', answering: false, now: Date.UTC(2026, 0, 1) };

/** What services say, in the shapes of their documentation and of public recordings. */
const refusals: readonly (readonly [number, unknown, FailureKind])[] = [
  [
    400,
    { error: { message: 'Rejected.', type: 'invalid_request_error', code: 'content_filter' } },
    'refused',
  ],
  [400, { error: { message: 'Too many.', code: 'context_length_exceeded' } }, 'tooLong'],
  [400, { error: { message: 'prompt is too long: 9 tokens > 8 maximum' } }, 'tooLong'],
  [400, { error: { message: 'Failed to call a function.', code: 'tool_use_failed' } }, 'malformed'],
  [400, { object: 'error', message: 'Invalid model: x', type: 'invalid_model', code: '1500' }, 'notFound'],
  [400, { error: { message: 'Retired.', code: 'model_decommissioned' } }, 'notFound'],
  [
    400,
    { error: { code: 400, message: 'request (9 tokens) exceeds the available context size (8 tokens)' } },
    'tooLong',
  ],
  [400, { code: 'x', error: 'The maximum prompt length is 8 but the request contains 9 tokens.' }, 'tooLong'],
  [400, { error: { message: 'Reduce the length of the messages or completion.' } }, 'tooLong'],
  [400, { error: { message: 'It exceeded the model token limit: 8 (requested: 9)' } }, 'tooLong'],
  [400, { error: { message: 'Range of input length should be [1, 8]' } }, 'tooLong'],
  [400, { error: { message: 'prompt token count of 9 exceeds the limit of 8' } }, 'tooLong'],
  [400, { error: { message: '`max_tokens` must be at most 8, less than the `context_window`' } }, 'invalid'],
  [400, { error: { message: 'Image is too large.' } }, 'invalid'],
  [400, { code: 'x', error: 'Incorrect API key provided: x***y.' }, 'auth'],
  [
    400,
    { error: { type: 'invalid_request_error', message: 'The credit balance is too low for this API.' } },
    'denied',
  ],
  [400, { error: { message: 'You have reached your specified API usage limits.' } }, 'denied'],
  [
    400,
    {
      error: { message: 'messages.1.content.0: the `thinking` block is bound to a different conversation.' },
    },
    'invalid',
  ],
  [400, { error: 'model is required' }, 'invalid'],
  [401, { message: 'Unauthorized', request_id: '1' }, 'auth'],
  [402, { error: { message: 'Insufficient Balance' } }, 'denied'],
  [403, null, 'denied'],
  [
    404,
    { object: 'error', message: 'The model `x` does not exist.', type: 'NotFoundError', code: 404 },
    'notFound',
  ],
  [404, { error: { message: 'No endpoints found for x/y:free.', code: 404 }, user_id: 'u' }, 'notFound'],
  [404, { detail: 'Not Found' }, 'invalid'],
  [405, { detail: 'Method Not Allowed' }, 'invalid'],
  [413, { error: { message: 'Limit 6000, requested 7000', code: 'rate_limit_exceeded' } }, 'tooLong'],
  [422, { detail: [{ loc: ['body', 'tools'], msg: 'Extra inputs are not permitted' }] }, 'invalid'],
  [429, { error: { message: 'Slow down.', code: 'rate_limit_exceeded' } }, 'limited'],
  [
    429,
    { error: { message: 'Request too large for x: Limit 8, Requested 9.', code: 'rate_limit_exceeded' } },
    'tooLong',
  ],
  [429, { error: { message: 'Quota.', type: 'insufficient_quota' } }, 'denied'],
  [
    429,
    { error: { type: 'rate_limit_error', details: { error_code: 'enforced_spend_limit_reached' } } },
    'denied',
  ],
  [498, { error: { message: 'No capacity.' } }, 'overloaded'],
  [503, 'Service Unavailable', 'overloaded'],
];

const within: readonly (readonly [unknown, FailureKind])[] = [
  [{ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
  [{ type: 'error', error: { type: 'rate_limit_error', message: 'Slow down.' } }, 'limited'],
  [{ error: { code: 'rate_limit_exceeded', message: 'Slow down.' } }, 'limited'],
  [{ error: { code: 'rate_limit_exceeded', message: 'Request too large for x.' } }, 'tooLong'],
  [{ error: { code: 'server_error', message: 'Sorry.' } }, 'overloaded'],
  [{ error: { code: 401, message: 'No.' } }, 'auth'],
  [{ error: { code: 502, message: 'Bad gateway.' } }, 'overloaded'],
  [{ type: 'error', code: 'context_length_exceeded', message: 'Too many.' }, 'tooLong'],
  [{ error: { type: 'invalid_request_error', message: 'Bad.' } }, 'invalid'],
];

describe('the errors of a service', () => {
  for (const [status, body, kind] of refusals) {
    it(`are "${kind}" for ${status} ${JSON.stringify(body)}`, () => {
      const refusal = new Refusal(status, noHeader, JSON.stringify(body));
      assert.equal(faultOf(refusal, context).kind, kind);
    });
  }

  for (const [body, kind] of within) {
    it(`are "${kind}" for ${JSON.stringify(body)} within an answer`, () => {
      assert.equal(faultOf(new SaidWithin(body), { ...context, answering: true }).kind, kind);
    });
  }

  it('say in words of their own what no endpoint of a model can do', () => {
    const body = JSON.stringify({
      error: { message: 'No endpoints found that support tool use.', code: 404 },
    });
    const failure = faultOf(new Refusal(404, noHeader, body), context);
    assert.equal(failure.kind, 'invalid');
    assert.match(failure.what, /support tool use/);
  });

  it('are told with at most a sentence of the words of the service', () => {
    const body = JSON.stringify({ error: { message: 'long '.repeat(1000) } });
    assert.ok(faultOf(new Refusal(400, noHeader, body), context).what.length < 400);
  });

  it('are understood where they come in a list, as Gemini says them in the form of OpenAI', () => {
    const error = { code: 400, message: 'API key not valid. Please pass a valid API key.' };
    const failure = faultOf(new Refusal(400, noHeader, JSON.stringify([{ error }])), context);
    assert.equal(failure.kind, 'auth');
  });

  it('say until when a limit lasts, also where it is said within an answer', () => {
    const error = { code: 'rate_limit_exceeded', message: 'Rate limit reached. Please try again in 1.5s.' };
    const failure = faultOf(new SaidWithin({ error }), context);
    assert.deepEqual([failure.kind, failure.until], ['limited', context.now + 1500]);
  });

  it('say when a service has time again', () => {
    const refusal = new Refusal(503, (name) => (name === 'retry-after' ? '30' : null), '{}');
    const failure = faultOf(refusal, context);
    assert.deepEqual([failure.kind, failure.until], ['overloaded', context.now + 30_000]);
  });

  it('say until when a limit lasts', () => {
    const refusal = new Refusal(429, (name) => (name === 'retry-after' ? '7' : null), '{}');
    assert.equal(faultOf(refusal, context).until, context.now + 7000);
  });
});
