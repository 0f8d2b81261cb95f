import { EventEmitter, LogLevel, type LogOutputChannel } from 'vscode';

/**
 * Where the language client would write every message that passes, keys among them (SECURITY S13): nowhere. A
 * setting of a workspace could ask it for the whole text of each.
 */
export function silentChannel(): LogOutputChannel {
  const nothing = () => undefined;
  return {
    name: 'Virtual Butler Messages',
    logLevel: LogLevel.Off,
    onDidChangeLogLevel: new EventEmitter<LogLevel>().event,
    append: nothing,
    appendLine: nothing,
    replace: nothing,
    clear: nothing,
    show: nothing,
    hide: nothing,
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    dispose: nothing,
  };
}
