import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Revealed } from './revealed.tsx';

/** The Abilities to begin a session with; `focus` puts the keyboard on the first. */
export function AbilityCards({ focus }: { readonly focus?: boolean }) {
  const t = useText();
  const { state, acts } = useFrame();
  const [busy, setBusy] = useState(false);
  const place = useRef<HTMLUListElement>(null);
  const abilities = state.abilities.value ?? [];
  useEffect(() => {
    if (focus) place.current?.querySelector('button')?.focus();
  }, [focus]);
  const begin = async (ability: string) => {
    if (busy) return;
    setBusy(true);
    if (!(await acts.newSession(ability))) setBusy(false);
  };
  if (abilities.length === 0) {
    return (
      <div class="nothing">
        <p class="faint">{t('empty.noAbility')}</p>
        <Button icon="add" onPress={() => acts.tell({ act: 'newAbility' })}>
          {t('empty.createAbility')}
        </Button>
      </div>
    );
  }
  return (
    <>
      <ul class="abilities" ref={place}>
        {abilities.map((ability) => (
          <li key={ability.id}>
            <button type="button" class="ability" disabled={busy} onClick={() => void begin(ability.id)}>
              <Icon name={icons[ability.deliverable] ?? 'package'} />
              <span class="ability-words">
                <span class="ability-name">
                  <Revealed still text={ability.name} />
                </span>
                <span class="faint">
                  <Revealed
                    still
                    text={ability.description || `${ability.deliverable}, ${ability.provider}`}
                  />
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="quiet" onClick={() => acts.tell({ act: 'newAbility' })}>
        <Icon name="add" /> {t('list.newAbility')}
      </button>
    </>
  );
}

const icons: Readonly<Record<string, string | undefined>> = {
  code: 'file-code',
  website: 'globe',
  video: 'device-camera-video',
  document: 'book',
  image: 'file-media',
  audio: 'unmute',
};
