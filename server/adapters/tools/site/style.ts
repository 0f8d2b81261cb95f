/** The style of a site: quiet, readable, light and dark as the system says. */
export const style = `:root {
  color-scheme: light dark;
  --paper: #fdfdfc;
  --ink: #22252a;
  --quiet: #5d646f;
  --line: #e1e3e6;
  --tint: #f3f4f6;
  --link: #0b5fb0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181c;
    --ink: #e4e6ea;
    --quiet: #a0a7b3;
    --line: #31353c;
    --tint: #20242a;
    --link: #7db8f7;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 1.0625rem/1.65 system-ui, sans-serif;
}
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; padding: 0.5rem 1rem; background: var(--tint); }
.frame { max-width: 76rem; margin: 0 auto; padding: 1.5rem; }
nav { border-bottom: 1px solid var(--line); margin-bottom: 1.5rem; padding-bottom: 1rem; font-size: 0.95rem; }
nav ul { list-style: none; margin: 0 0 0.75rem; padding: 0; }
nav li a { display: block; padding: 0.2rem 0.6rem; border-radius: 4px; color: inherit; text-decoration: none; }
nav li a:hover { background: var(--tint); }
nav a[aria-current] { background: var(--tint); font-weight: 600; }
nav .site { margin: 0 0 0.75rem; font-weight: 650; }
nav .site a { display: block; padding: 0.2rem 0.6rem; border-radius: 4px; color: inherit; text-decoration: none; }
nav .folder { margin: 0.75rem 0 0.25rem; padding: 0 0.6rem; color: var(--quiet); font-size: 0.85rem; }
main { min-width: 0; max-width: 46rem; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 2em 0 0.6em; }
h1 { font-size: 2.1rem; margin-top: 0; }
h2 { font-size: 1.45rem; border-bottom: 1px solid var(--line); padding-bottom: 0.3em; }
h3 { font-size: 1.2rem; }
h4, h5, h6 { font-size: 1.05rem; }
.anchor { margin-left: 0.4em; color: var(--quiet); text-decoration: none; opacity: 0; }
:hover > .anchor, .anchor:focus { opacity: 1; }
img { max-width: 100%; height: auto; }
pre, code { font-family: ui-monospace, "SF Mono", Consolas, "Liberation Mono", monospace; font-size: 0.9em; }
code { background: var(--tint); padding: 0.15em 0.35em; border-radius: 4px; }
pre { background: var(--tint); padding: 1rem; border-radius: 8px; overflow-x: auto; line-height: 1.5; }
pre code { background: none; padding: 0; }
blockquote { margin: 1.2em 0; padding: 0 1.2em; border-left: 4px solid var(--line); color: var(--quiet); }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1.2em 0; }
th, td { padding: 0.45em 0.8em; border: 1px solid var(--line); text-align: left; }
th { background: var(--tint); }
.center { text-align: center; }
.right { text-align: right; }
hr { border: 0; border-top: 1px solid var(--line); margin: 2.5em 0; }
footer { max-width: 76rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; color: var(--quiet); font-size: 0.85rem; }
@media (min-width: 60rem) {
  .frame { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 3rem; padding-top: 3rem; }
  nav { border: 0; margin: 0; }
  footer { padding-left: 19.5rem; }
}
@media print {
  nav, .skip, .anchor { display: none; }
  .frame { display: block; }
}
`;
