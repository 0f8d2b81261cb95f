import assert from 'node:assert/strict';
import type { Ability } from '../server/protocol/ability.ts';
import type { TargetAccount } from '../server/protocol/target.ts';
import { accountSteps, valuesOf } from './accountForm.ts';
import { accountActionRows, accountRows, accountsInUse, findingRows } from './accountRows.ts';
import { english as t } from './translate.ts';

const account: TargetAccount = {
  id: 'sftp anna@example.org:22',
  title: 'anna at example.org (SFTP)',
  help: 'As your web host tells.',
  signIn: false,
  fields: [
    { name: 'user', title: 'User', description: '', optional: false, lines: false, shown: true },
    { name: 'password', title: 'Password', description: 'Or a key.', optional: true, lines: false },
    { name: 'privateKey', title: 'Private key', description: '', optional: true, lines: true },
  ],
};
const ability = (id: string): Ability => ({
  ...{ id, origin: 'user', name: `Site ${id}`, description: '', provider: 'offline', model: '', prompt: '' },
  ...{ deliverable: 'website', target: { type: 'ftp', config: {} }, created: 0, updated: 0 },
});

describe('the questions for an account', () => {
  it('hide what is typed unless it may be read, and take a text of several lines from elsewhere', () => {
    const [user, password, key] = accountSteps(account, false, t);
    assert.ok(user?.kind === 'text' && password?.kind === 'text' && key?.kind === 'pick');
    assert.deepEqual([user.secret, password.secret], [false, true]);
    assert.equal(user.question, 'User: As your web host tells.');
    assert.equal(password.question, 'Password: Or a key.');
    assert.deepEqual(
      key.choices.map(({ value }) => value),
      ['', 'file', 'clipboard'],
    );
    assert.equal(user.wrong(' '), 'User is needed.');
    assert.equal(password.wrong(''), null);
    assert.ok(password.wrong('x'.repeat(20_001)));
  });

  it('may all stay empty where a connected account is signed in to anew', () => {
    const [again] = accountSteps({ ...account, signIn: true }, true, t);
    const [first] = accountSteps({ ...account, signIn: true }, false, t);
    const [entered] = accountSteps(account, true, t);
    assert.ok(again?.kind === 'text' && first?.kind === 'text' && entered?.kind === 'text');
    assert.deepEqual(
      [again.wrong(''), first.wrong(''), entered.wrong('')],
      [null, 'User is needed.', 'User is needed.'],
    );
    assert.equal(again.hint, 'Leave it empty to keep what is there');
  });

  it('lead to what was entered, without what was left empty; a secret stays as it was typed', () => {
    const entered = { user: ' anna ', password: ' with blanks ', privateKey: '' };
    assert.deepEqual(valuesOf(account, entered), { user: 'anna', password: ' with blanks ' });
  });
});

describe('the accounts', () => {
  const connected = { id: account.id, target: 'ftp', title: account.title, fields: ['password'] };
  const other = { ...account, id: 'sftp bert@example.org:22', title: 'bert' };

  it('are listed with the Abilities that need them, the connected ones first, each once', () => {
    const needed = [
      { ability: ability('a'), account },
      { ability: ability('b'), account: other },
      { ability: ability('c'), account: other },
    ];
    const listed = accountsInUse([connected], needed);
    assert.deepEqual(
      listed.map((one) => [one.id, one.connected, one.abilities.map(({ id }) => id)]),
      [
        [account.id, true, ['a']],
        [other.id, false, ['b', 'c']],
      ],
    );
    const rows = accountRows(listed, [], t);
    assert.deepEqual(
      rows.map(({ group, detail }) => [group, detail]),
      [
        ['Connected', 'For: Site a'],
        ['Not connected yet', 'For: Site b, Site c'],
      ],
    );
  });

  it('that no Ability needs can only be disconnected, one that is not connected only connected', () => {
    const actions = (one: Parameters<typeof accountActionRows>[0]) =>
      accountActionRows(one, t).map(({ value }) => value);
    const [unused] = accountsInUse([connected], []);
    const [used] = accountsInUse([connected], [{ ability: ability('a'), account }]);
    const [missing] = accountsInUse([], [{ ability: ability('a'), account }]);
    assert.ok(unused && used && missing);
    assert.deepEqual(actions(unused), ['disconnect']);
    assert.deepEqual(actions(used), ['check', 'connect', 'disconnect']);
    assert.deepEqual(actions(missing), ['connect']);
  });

  it('show what a check found with what mends it, and what can be done only where something is in the way', () => {
    const fault = { good: false, what: 'The server did not\naccept the password.', mend: 'Enter it again.' };
    const rows = findingRows([{ good: true, what: 'The server answers.' }, fault], true, t);
    assert.deepEqual(
      rows.map(({ label, detail }) => [label, detail]),
      [
        ['$(pass) The server answers.', undefined],
        ['$(error) The server did not accept the password.', 'Enter it again.'],
        ['$(key) Connect It Anew', undefined],
        ['$(refresh) Check Again', undefined],
        ['$(check) Done', undefined],
      ],
    );
    assert.deepEqual(
      findingRows([{ good: true, what: 'Fine.' }], true, t).map(({ value }) => value),
      ['done', 'done'],
    );
  });
});
