import './state/jitless.ts';
import '@vscode/codicons/dist/codicon.css';
import './style/page.css';
import './style/notices.css';
import './style/list.css';
import './style/chat.css';
import './style/composer.css';
import './style/feedback.css';
import './style/changes.css';
import './style/markdown.css';
import './style/calls.css';
import './style/cards.css';
import './style/outcomes.css';
import './style/delivery.css';
import './style/safety.css';
import './style/modes.css';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { bindActs } from './state/acts.ts';
import { acquireHost } from './state/host.ts';
import { newPage } from './state/page.ts';
import { receive } from './state/receive.ts';
import { openWire } from './state/wire.ts';
import { App } from './view/app.tsx';
import { FrameContext } from './view/frame.ts';
import { LookPage } from './view/lookPage.tsx';

const host = acquireHost();
const { lang, dataset } = document.documentElement;
const state = newPage(host.kept, lang || navigator.language, dataset.shows === 'preview');
const wire = openWire({
  page: window,
  post: host.post,
  receive: (inbound) => receive(state, acts, inbound),
  silent: (silent) => {
    state.silent.value = silent;
  },
});
const acts = bindActs(state, wire, window);

effect(() => host.keep(state.kept.value));
if (host.kept.session !== null && !state.alone) acts.openSession(host.kept.session);
const root = document.getElementById('root') ?? document.body;
root.replaceChildren();
render(
  <FrameContext.Provider value={{ state, acts }}>
    {state.alone ? <LookPage /> : <App />}
  </FrameContext.Provider>,
  root,
);
wire.ready();
