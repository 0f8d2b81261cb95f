import { revealed } from '../server/protocol/reveal.ts';

/**
 * Makes what a program wrote safe to show in a terminal: text, colours and line ends pass; whatever else would
 * move, overwrite, hide, name, link or copy something is left out, and what cannot be seen is spelled out
 * (SECURITY S12). Sequences may be cut anywhere between two pieces.
 */
export function terminalText(): (piece: string) => string {
  let state: State = 'text';
  let sequence = '';
  let endedByReturn = false;
  const take = (character: string): string => {
    switch (state) {
      case 'text':
        state = openers[character] ?? 'text';
        if (state === 'colour') sequence = '';
        return state === 'text' ? shown(character) : '';
      case 'escape':
        state = followers[character] ?? (character >= ' ' && character <= '/' ? 'escape' : 'text');
        if (state === 'colour') sequence = '';
        return '';
      case 'colour':
        return takeColour(character);
      case 'string':
        state =
          character === bell || character === stringEnd ? 'text' : character === esc ? 'stringEscape' : state;
        return '';
      case 'stringEscape':
        state = character === '\\' ? 'text' : 'string';
        return '';
    }
  };
  const takeColour = (character: string): string => {
    if (character >= '@' && character <= '~') {
      state = 'text';
      const isColour = character === 'm' && /^[\d;:]{0,40}$/.test(sequence) && !conceals(sequence);
      return isColour ? `${esc}[${sequence}m` : '';
    }
    if (character < ' ' || character > '~') state = character === esc ? 'escape' : 'text';
    else sequence = (sequence + character).slice(0, 64);
    return '';
  };
  const shown = (character: string): string => {
    const afterReturn = endedByReturn;
    endedByReturn = character === '\r';
    if (character === '\r') return '\r\n';
    if (character === '\n') return afterReturn ? '' : '\r\n';
    return plain.test(character) ? character : revealed(character);
  };
  return (piece) => [...piece].map(take).join('');
}

/** Whether it hides the text that follows; an 8 within a colour is one of its numbers. */
function conceals(sequence: string): boolean {
  return /(^|;)0*8([;:]|$)/.test(sequence.replace(/\b[345]8;(5;\d*|2;\d*;\d*;\d*)/g, ''));
}

type State = 'text' | 'escape' | 'colour' | 'string' | 'stringEscape';

/** Most of what there is, told at once. */
const plain = /^[\t -~¡-¬®-ɏ]$/;

const esc = '\u001b';
const bell = '\u0007';
const stringEnd = '\u009c';

/** What begins a sequence. */
const openers: Readonly<Record<string, State>> = {
  [esc]: 'escape',
  '\u009b': 'colour',
  '\u0090': 'string',
  '\u0098': 'string',
  '\u009d': 'string',
  '\u009e': 'string',
  '\u009f': 'string',
};

/** What an escape goes on with. */
const followers: Readonly<Record<string, State>> = {
  [esc]: 'escape',
  '[': 'colour',
  ']': 'string',
  P: 'string',
  X: 'string',
  '^': 'string',
  _: 'string',
};
