import type { AttackCase } from './attackCase.ts';
import { mcpAttacks } from './mcpAttacks.ts';
import type { Surface } from './surface.ts';

/**
 * Manipulations of MCP servers, each played against a real worker with a real server that does what a script says.
 * `do` names where the text comes in. `disabled`: the tool is there, and nobody can call it; `unapproved`: nothing
 * of the server is started; `failed`: it is given up, with nothing left of it; `refused`: what the server asks for
 * is answered with an error; `ask`: a person is asked; `data`: the text reaches the model as data of a stranger.
 */
export const mcpSurface: Surface = {
  answers: ['disabled', 'unapproved', 'failed', 'refused', 'ask', 'data'],
  fault: ({ do: act }) =>
    typeof act === 'string' && Object.hasOwn(mcpAttacks, act)
      ? null
      : { field: 'do', what: `must be one of ${Object.keys(mcpAttacks).join(', ')}` },
  open: async () => ({ play }),
};

function play(one: AttackCase): Promise<string> {
  const attack = mcpAttacks[String(one.do)];
  if (!attack) throw new Error(`There is no attack "${one.do}".`);
  return attack(one.text);
}
