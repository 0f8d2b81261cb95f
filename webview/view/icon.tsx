/** A codicon; without a label it is decoration and silent. */
export function Icon(props: { readonly name: string; readonly label?: string; readonly spin?: boolean }) {
  const spin = props.spin ? ' codicon-modifier-spin' : '';
  const name = `codicon codicon-${props.name}${spin}`;
  if (props.label === undefined) return <span class={name} aria-hidden="true" />;
  return <span class={name} role="img" aria-label={props.label} title={props.label} />;
}
