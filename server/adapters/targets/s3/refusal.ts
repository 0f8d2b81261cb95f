import { type Failure, failures } from '../../../protocol/failure.ts';
import { busyFault, fullFault, refusedFault, textOf } from '../http/httpFault.ts';
import type { HttpAnswer } from '../http/httpLine.ts';
import { readXml, textOf as textIn } from '../http/xml.ts';
import { foreignText, TargetFault } from '../targetFault.ts';
import { placeOf, type S3Config } from './config.ts';

/** An error of a bucket: what it means for us, and its code for those who know what to do about it. */
export class S3Refusal extends TargetFault {
  readonly code: string;
  /** ms since 1970 by the server's clock. */
  readonly time: number | null;
  constructor(fault: TargetFault, code: string, time: number | null) {
    super(fault.failure, { passing: fault.passing });
    this.code = code;
    this.time = time;
  }
}

/** Reads the error that a bucket answered with. */
export async function refusalOf(answer: HttpAnswer, config: S3Config): Promise<S3Refusal> {
  return refusalIn(await textOf(answer).catch(() => ''), answer, config);
}

/** The same where its text was read. */
export function refusalIn(text: string, answer: Omit<HttpAnswer, 'body'>, config: S3Config): S3Refusal {
  const xml = readXml(text);
  const code = textIn(xml, 'Code') ?? codes[answer.status] ?? String(answer.status);
  const region = answer.header('x-amz-bucket-region') ?? textIn(xml, 'Region');
  const date = Date.parse(answer.header('date') ?? '');
  const said = { code, status: answer.status, region, words: textIn(xml, 'Message') ?? '', config };
  return new S3Refusal(faultOf(said), code, Number.isNaN(date) ? null : date);
}

interface Said {
  readonly code: string;
  readonly status: number;
  readonly region: string | null;
  readonly words: string;
  readonly config: S3Config;
}

/** What answers without a text mean. */
const codes: Readonly<Record<number, string>> = {
  301: 'PermanentRedirect',
  302: 'TemporaryRedirect',
  307: 'TemporaryRedirect',
  308: 'PermanentRedirect',
  403: 'AccessDenied',
  404: 'NoSuchKey',
  503: 'SlowDown',
  507: 'InsufficientStorage',
};

function faultOf(said: Said): TargetFault {
  const { code, status, words, config } = said;
  const { service } = placeOf(config);
  if (/^(SlowDown|ServiceUnavailable|InternalError|RequestTimeout|OperationAborted)$/.test(code))
    return busyFault(service);
  if (/^(QuotaExceeded|InsufficientStorage|XMinio.*(Full|Quota).*)$/.test(code)) return fullFault(service);
  const failure = Object.hasOwn(meanings, code) ? meanings[code]?.(said) : undefined;
  if (failure) return new TargetFault(failure);
  if (status >= 500 || status === 429) return busyFault(service);
  return refusedFault(service, `${code} ${words}`);
}

const meanings: Readonly<Record<string, (said: Said) => Failure>> = {
  InvalidAccessKeyId: wrongKey('does not know the access key ID'),
  SignatureDoesNotMatch: wrongKey('finds that the secret access key does not fit'),
  InvalidToken: wrongKey('does not accept the session token'),
  ExpiredToken: wrongKey('says that the session token has expired'),
  TokenRefreshRequired: wrongKey('says that the session token has expired'),
  AccessDenied: ({ config, words }) =>
    failures.denied(
      `The key has no right to do this in the bucket "${config.bucket}"${words ? `: ${foreignText(words)}` : '.'}`,
      'Let the key list, read, write and delete there, or connect another account.',
    ),
  NoSuchBucket: ({ config }) => ({
    kind: 'notFound',
    what: `There is no bucket "${config.bucket}" at ${placeOf(config).service}.`,
    mend: 'Make it there first, or correct its name.',
    field: 'target.config.bucket',
  }),
  PermanentRedirect: otherRegion,
  TemporaryRedirect: otherRegion,
  AuthorizationHeaderMalformed: otherRegion,
  IllegalLocationConstraintException: otherRegion,
  RequestTimeTooSkewed: ({ config }) =>
    failures.tool(
      `The clock of this machine differs too much from that of ${placeOf(config).service}.`,
      'Set the clock of this machine, then try again.',
    ),
  AccessControlListNotSupported: ({ config }) =>
    failures.invalid(
      'target.config.visibility',
      `The bucket "${config.bucket}" takes no access rights of single files.`,
      'Set "Who can read it" to what the bucket says, and give rights at the bucket.',
    ),
  KeyTooLongError: () =>
    failures.invalid('files', 'A file name is too long for the bucket.', 'Save it under a shorter name.'),
};

function wrongKey(what: string): (said: Said) => Failure {
  return ({ config }) => {
    const { service } = placeOf(config);
    return { ...failures.wrongAccount(service), what: `${service} ${what}.` };
  };
}

function otherRegion({ region, config }: Said): Failure {
  const known = region && /^[a-z0-9-]{1,40}$/.test(region) ? region : null;
  return failures.invalid(
    'target.config.region',
    `The bucket "${config.bucket}" lies in ${known ? `the region "${known}"` : 'another region'}, not in "${config.region}".`,
    known ? `Set the region to "${known}".` : 'Set the region in which it was made.',
  );
}
