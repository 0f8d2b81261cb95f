declare module '@20minutes/s3rver' {
  import type { IncomingMessage } from 'node:http';
  import type { Readable } from 'node:stream';

  /** What the server hands from step to step of an answer. */
  export interface S3Context {
    readonly method: string;
    readonly req: IncomingMessage;
    readonly query: Record<string, string | undefined>;
    readonly params: { readonly bucket: string; readonly key?: string };
    readonly path: string;
    status: number;
    body: unknown;
    set(name: string, value: string): void;
  }

  interface Store {
    getResourcePath(bucket: string, key: string | undefined, resource: string): string;
    putContent(file: string, content: Buffer | Readable): Promise<[size: number, md5: string]>;
  }

  export default class S3rver {
    constructor(options: {
      readonly address: string;
      readonly port: number;
      readonly silent: boolean;
      readonly directory: string;
      readonly configureBuckets: readonly { readonly name: string }[];
    });
    readonly store: Store;
    readonly middleware: ((context: S3Context, next: () => Promise<void>) => Promise<void>)[];
    run(): Promise<{ readonly port: number }>;
  }
}

declare module '@20minutes/s3rver/lib/models/error.js' {
  export default class S3Error extends Error {
    constructor(code: string, message: string);
    readonly code: string;
    status: number;
  }
}

declare module '@20minutes/s3rver/lib/models/account.js' {
  const accounts: {
    readonly DUMMY_ACCOUNT: { createKeyPair(accessKeyId: string, secretAccessKey: string): void };
  };
  export default accounts;
}
