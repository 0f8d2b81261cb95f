import '@vscode-elements/elements/dist/vscode-button/index.js';
import { type ComponentChildren, h, type Ref } from 'preact';
import { Icon } from './icon.tsx';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly icon?: string;
  readonly secondary?: boolean;
  readonly disabled?: boolean;
  readonly about?: string;
  readonly class?: string;
  onPress(): void;
}

/** A button with words, as VS Code draws them. */
export function Button({ children, icon, secondary, disabled, about, onPress, ...rest }: ButtonProps) {
  const look = { secondary: secondary ?? false, disabled: disabled ?? false };
  const names = { 'aria-disabled': look.disabled, ...(about ? { title: about } : {}) };
  const press = () => {
    if (!look.disabled) onPress();
  };
  return h(
    'vscode-button',
    { class: rest.class ?? '', ...look, ...names, onClick: press },
    icon ? (
      <span slot="content-before" class="button-icon">
        <Icon name={icon} />
      </span>
    ) : null,
    children,
  );
}

interface IconButtonProps {
  readonly icon: string;
  readonly label: string;
  readonly class?: string;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly place?: Ref<HTMLButtonElement>;
  onPress(): void;
}

/** A button that is only an icon; its label is its name and its tooltip. */
export function IconButton({ icon, label, disabled, pressed, place, onPress, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`icon-button ${rest.class ?? ''}`}
      aria-label={label}
      title={label}
      disabled={disabled ?? false}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      {...(place ? { ref: place } : {})}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
