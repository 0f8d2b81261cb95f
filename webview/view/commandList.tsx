import type { PlaybookLine } from '../state/page.ts';
import { useText } from './frame.ts';

interface CommandListProps {
  readonly id: string;
  readonly commands: readonly PlaybookLine[];
  readonly chosen: number;
  onTake(command: PlaybookLine): void;
}

/** The playbooks that fit what is being written, over the field. */
export function CommandList({ id, commands, chosen, onTake }: CommandListProps) {
  const t = useText();
  return (
    <>
      <span class="unseen" role="status">
        {commands.length > 0 ? t('write.commandsFound', { n: commands.length }) : ''}
      </span>
      {commands.length === 0 ? null : (
        <div class="commands" id={id} role="listbox" aria-label={t('write.commands')} tabIndex={-1}>
          {commands.map((command, index) => (
            <div
              key={command.id}
              id={`${id}-${index}`}
              class="command"
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              onMouseDown={(event) => {
                event.preventDefault();
                onTake(command);
              }}
            >
              <code>/{command.command}</code>
              <span>{command.title}</span>
              <span class="faint">{command.about}</span>
            </div>
          ))}
        </div>
      )}
    </>
  );
}

/** The playbooks whose command begins as the text does, while the text is one word with a slash before it. */
export function fitting(text: string, playbooks: readonly PlaybookLine[]): readonly PlaybookLine[] {
  const word = /^\/([a-z0-9-]*)$/.exec(text)?.[1];
  return word === undefined ? [] : playbooks.filter((one) => one.command.startsWith(word)).slice(0, 8);
}
