import assert from 'node:assert/strict';
import { Playbook } from '../protocol/plan.ts';
import { nextOfflineAnswer } from './offlinePlan.ts';
import type { ProviderMessage } from './ports/provider.ts';

const site = Playbook.parse({
  id: 'site',
  title: 'Site from Markdown',
  command: 'site',
  about: 'Builds a website.',
  deliverable: 'website',
  words: ['site', 'docs'],
  steps: [
    { action: 'build_site', params: { from: '.', cost: '$5', name: '$name' }, why: 'Build the pages' },
    {
      action: 'publish',
      params: { deliverable: '$deliverable', tags: ['$title', 'fixed'], meta: { size: '$pages' } },
      data_from_step: 0,
      why: 'Publish them',
    },
  ],
  closing: '{0.pages} pages of {0.title} are at {1.location} {0.list}; {1.more}, {7.more}.',
});
const report = (id: string, ...words: string[]) =>
  Playbook.parse({
    id,
    title: `The ${id}`,
    command: id,
    about: '',
    deliverable: 'document',
    words,
    steps: [{ action: id }],
  });
const todo = report('todo', 'todo', 'to do');
const notes = report('notes', 'release notes', 'changelog');
const stats = report('stats', 'statistics', 'changelog');
const playbooks = [site, todo, notes, stats];
const tools = ['build_site', 'publish', 'todo', 'notes', 'stats'].map((name) => ({
  name,
  description: '',
  input: {},
}));

const built = '{"deliverable":"d-1","title":"Docs","pages":3,"list":["a","b"]}';
const user = (text: string): ProviderMessage => ({ role: 'user', text });
const round = (tool: string, output: string, error = false): ProviderMessage[] => [
  { role: 'assistant', parts: [{ kind: 'call', call: `c-${tool}`, tool, input: {} }] },
  { role: 'tool', results: [{ call: `c-${tool}`, tool, output, error }] },
];
const answer = (messages: ProviderMessage[], deliverable = 'website', more = {}) =>
  nextOfflineAnswer(playbooks, { messages, tools, deliverable, ...more });

describe('the offline plan', () => {
  it('says the whole plan with its first step', () => {
    assert.deepEqual(answer([user('/site')]), {
      text: 'Site from Markdown, in 2 steps:\n\n1. Build the pages\n2. Publish them',
      call: {
        call: 'offline-1-1',
        tool: 'build_site',
        input: { from: '.', cost: '$5', name: '$name' },
      },
      stop: 'calls',
    });
  });

  it('takes values from the output of the step that a step names', () => {
    assert.deepEqual(answer([user('/site'), ...round('build_site', built)]), {
      text: '',
      call: {
        call: 'offline-3-2',
        tool: 'publish',
        input: { deliverable: 'd-1', tags: ['Docs', 'fixed'], meta: { size: 3 } },
      },
      stop: 'calls',
    });
  });

  it('closes with values from the outputs', () => {
    const messages = [
      user('/site'),
      ...round('build_site', built),
      ...round('publish', '{"location":"public"}'),
    ];
    assert.deepEqual(answer(messages), {
      text: '3 pages of Docs are at public ["a","b"]; (not known), (not known).',
      call: null,
      stop: 'end',
    });
  });

  it('begins anew for the next job of a session', () => {
    const messages = [user('/site'), ...round('build_site', built), user('/todo')];
    assert.equal(answer(messages).call?.tool, 'todo');
    assert.equal(answer(messages).call?.call, 'offline-4-1');
  });

  it('finds a playbook by what the Ability delivers and the words of the text', () => {
    for (const [text, deliverable, tool] of [
      ['Publish the docs as a site', 'website', 'build_site'],
      ['Build me some SITES, please!', 'website', 'build_site'],
      ['what is left to-do?', 'document', 'todo'],
      ['Release notes, please', 'document', 'notes'],
    ] as const) {
      assert.equal(answer([user(text)], deliverable).call?.tool, tool, text);
    }
  });

  it('runs nothing when no playbook fits, and says that it is no model and what it can do', () => {
    for (const [text, deliverable] of [
      ['Tell me a joke', 'website'],
      ['Publish the docs as a site', 'video'],
      ['Prepare the parasites', 'website'],
      [`Explain this code:\n${'x = 1;\n'.repeat(100)}// to do`, 'document'],
      ['Explain this code.\n\n// to do', 'document'],
      ['', 'document'],
    ] as const) {
      const { text: said, call } = answer([user(text)], deliverable);
      assert.equal(call, null, text);
      assert.match(said, /no model/);
      assert.match(said, /nothing was done/);
      assert.match(said, /\/site: Site from Markdown\. Builds a website\./);
    }
  });

  it('asks which one where two playbooks fit alike', () => {
    const { text, call } = answer([user('the changelog')], 'document');
    assert.equal(call, null);
    assert.match(text, /\/notes/);
    assert.match(text, /\/stats/);
    assert.doesNotMatch(text, /\/todo/);
  });

  it('helps on /help, and names an unknown command', () => {
    assert.match(answer([user('/help')]).text, /no model, no network, no key/);
    assert.match(answer([user(' /HELP me')]).text, /What I can do/);
    assert.match(answer([user('/nope now')]).text, /^I know no command \/nope\./);
  });

  it('stops where a step failed or was refused, and says what to do', () => {
    const { text, call } = answer([
      user('/site'),
      ...round('build_site', built),
      ...round('publish', 'Denied.\nBy a person.', true),
    ]);
    assert.equal(call, null);
    assert.equal(
      text,
      'I stopped at step 2 of 2, Publish them:\n\n> Denied.\n> By a person.\n\nWhat the steps before it did stays; Undo takes it back. When the cause is mended, hand over /site again.',
    );
    const first = answer([user('/site'), ...round('build_site', 'No Markdown.', true)]);
    assert.match(first.text, /Nothing was done before it/);
  });

  it('tells by its end whether what was asked is done', () => {
    const stops = [
      [user('/help')],
      [user('/nope')],
      [user('tell me a joke')],
      [user('/site'), ...round('build_site', 'No Markdown.', true)],
      [user('/site'), ...round('build_site', built), ...round('publish', '{}')],
    ].map((messages) => answer(messages).stop);
    assert.deepEqual(stops, ['end', 'unfinished', 'unfinished', 'unfinished', 'end']);
  });

  it('stops where an output lacks what the next step wants', () => {
    for (const output of ['{"title":"Docs","pages":1}', 'plain text', '["d-1"]', 'null']) {
      const { text, call } = answer([user('/site'), ...round('build_site', output)]);
      assert.equal(call, null);
      assert.match(text, /The output of step 1 has no "deliverable"/);
    }
  });

  it('takes no field that an output has only by inheritance', () => {
    const odd = Playbook.parse({
      ...site,
      steps: [
        { action: 'todo' },
        { action: 'publish', params: { a: '$constructor', b: '$__proto__' }, data_from_step: 0 },
      ],
    });
    const messages = [user('/site'), ...round('todo', '{"x":1}')];
    const { text, call } = nextOfflineAnswer([odd], { messages, tools, deliverable: 'website' });
    assert.equal(call, null);
    assert.match(text, /has no "constructor", "__proto__"/);
  });

  it('does not begin what the Ability has no tools for, or what takes a model', () => {
    const fewer = answer([user('/site')], 'website', { tools: tools.slice(0, 1) });
    assert.equal(fewer.call, null);
    assert.match(fewer.text, /needs "publish", which this Ability does not have/);
    const prompted = Playbook.parse({ ...todo, steps: [{ action: 'todo', prompt_template: 'summary' }] });
    const messages = [user('/todo')];
    const told = nextOfflineAnswer([prompted], { messages, tools, deliverable: 'document' });
    assert.equal(told.call, null);
    assert.match(told.text, /takes a model/);
  });

  it('leaves playbooks of other agents alone', () => {
    const foreign = Playbook.parse({ ...todo, agent: 'writer' });
    const messages = [user('/todo')];
    const { text } = nextOfflineAnswer([foreign], { messages, tools, deliverable: 'document' });
    assert.match(text, /There is no playbook at present/);
  });

  it('stops when the playbook was changed while it ran', () => {
    const { text, call } = answer([user('/site'), ...round('todo', '{}')]);
    assert.equal(call, null);
    assert.match(text, /was changed while it ran/);
  });

  it('hands what follows a command to the step that asks for the argument', () => {
    const again: Playbook = {
      id: 'again',
      title: 'Publish again',
      command: 'publish',
      about: '',
      deliverable: 'any',
      words: [],
      agent: 'offline',
      steps: [{ action: 'publish', params: { deliverable: '$argument' } }],
      closing: 'Done.',
    };
    const answer = nextOfflineAnswer([again], {
      messages: [{ role: 'user', text: '/publish d-1 ' }],
      tools: [{ name: 'publish', description: '', input: {} }],
      deliverable: 'website',
    });
    assert.deepEqual(answer.call?.input, { deliverable: 'd-1' });
  });
});
