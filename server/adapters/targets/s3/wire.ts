import { type ToldAnswer, told, wayFault } from '../http/httpFault.ts';
import { type HttpAnswer, type HttpBody, openHttpLine } from '../http/httpLine.ts';
import { pathOf } from './address.ts';
import { placeOf, type S3Config, type S3Key } from './config.ts';
import { refusalOf, S3Refusal } from './refusal.ts';
import { nothing, queryText, signed } from './signature.ts';

/** One question to a bucket. */
export interface S3Ask {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** The whole name of an object; absent where the bucket itself is asked. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** By their names in small letters. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: HttpBody & { readonly digest: string };
  readonly signal: AbortSignal;
}

/** A line to a bucket on which everything is signed. */
export interface S3Wire {
  /** The service, as a person knows it. */
  readonly service: string;
  /** Rejects with a `TargetFault` where there is no good answer; its body must be read as it comes. */
  ask(ask: S3Ask): Promise<HttpAnswer>;
  /** The same, with the text of the answer; one of more bytes than `most` is a fault. */
  tell(ask: S3Ask, most?: number): Promise<ToldAnswer>;
  close(): void;
}

/** Opens a line to the bucket of a config; nothing is asked yet. */
export function openWire(config: S3Config, key: S3Key, atOnce: number): S3Wire {
  const { service, base } = placeOf(config);
  const line = openHttpLine(base, atOnce);
  let ahead = 0;
  const once = async (ask: S3Ask): Promise<HttpAnswer> => {
    const path = pathOf(config, ask.key);
    const query = ask.query ?? {};
    const request = {
      method: ask.method,
      host: base.host,
      path,
      query,
      headers: ask.headers ?? {},
      digest: ask.body?.digest ?? nothing,
    };
    const headers = signed(request, { key, region: config.region, now: Date.now() + ahead });
    const text = queryText(query);
    const { method, body, signal } = ask;
    const whole = text ? `${path}?${text}` : path;
    const answer = await line
      .ask({ method, path: whole, headers, signal, ...(body ? { body } : {}) })
      .catch((error: unknown) => Promise.reject(wayFault(service, error, signal)));
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw await refusalOf(answer, config);
  };
  const asking = async (ask: S3Ask): Promise<HttpAnswer> => {
    try {
      return await once(ask);
    } catch (error) {
      const skewed = error instanceof S3Refusal && error.code === 'RequestTimeTooSkewed';
      if (!skewed || error.time === null || ahead !== 0) throw error;
      ahead = error.time - Date.now();
      return once(ask);
    }
  };
  return {
    service,
    ask: asking,
    tell: async (ask, most) => told(service, await asking(ask), ask.signal, most),
    close: () => line.close(),
  };
}
