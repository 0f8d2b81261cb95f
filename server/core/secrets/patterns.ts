/** What is put where a secret stood. */
export const removed = '[secret removed]';

/** The same with every text that has the form of a secret put out of sight; takes time in proportion to its length. */
export function cleanForms(text: string): string {
  let clean = text;
  for (const { sign, form, put } of kinds) if (sign.test(clean)) clean = clean.replace(form, put);
  return clean;
}

/** Where a private key begins whose last line is not whole yet; -1 where there is none. */
export function openKeyIn(text: string): number {
  if (!text.includes('PRIVATE KEY')) return -1;
  return text.search(
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?![\s\S]{0,65536}?-----END [^-]{0,60}-----[^\r\n]{0,16384}[\r\n])/,
  );
}

interface Kind {
  /** A cheap look whether there can be one. */
  readonly sign: RegExp;
  readonly form: RegExp;
  readonly put: (...found: string[]) => string;
}

/** Tokens that services mark by how they begin: the beginning, and what follows at least. */
const marked = [
  String.raw`sk-(?:ant-|proj-|or-|svcacct-)?[\w-]{20,300}`,
  String.raw`gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{22,255}|gl(?:pat|ptt|dt|rt|soat)-[\w-]{20,255}`,
  'xox[abeoprs]-[A-Za-z0-9-]{10,255}|xapp-[A-Za-z0-9-]{10,255}',
  String.raw`(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])|AIza[\w-]{35}|ya29\.[\w-]{20,512}|GOCSPX-[\w-]{20,64}`,
  String.raw`npm_[A-Za-z0-9]{30,64}|pypi-[\w-]{50,512}|hf_[A-Za-z0-9]{30,64}|gsk_[A-Za-z0-9]{20,128}`,
  String.raw`[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/=]{20,128}|SG\.[\w-]{16,64}\.[\w-]{16,128}`,
  'do[opr]_v1_[a-f0-9]{64}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|xai-[A-Za-z0-9]{20,128}|r8_[A-Za-z0-9]{30,64}',
  String.raw`pplx-[A-Za-z0-9]{30,128}|lin_api_[A-Za-z0-9]{30,64}|ntn_[A-Za-z0-9]{30,64}|sq0(?:atp|csp)-[\w-]{22,64}`,
  String.raw`dckr_pat_[\w-]{20,64}|vercel_[A-Za-z0-9]{20,64}|AGE-SECRET-KEY-1[A-Z0-9]{50,64}|\d{8,10}:AA[\w-]{33}`,
].join('|');

const secretName =
  '(?:secret|token|passw(?:or)?d|passphrase|pwd|api[-_]?key|access[-_]?key|account[-_]?key|private[-_]?key|client[-_]?secret|credentials?)';

/** Every form is bounded, or ends where its signs end, so that no text makes a search long. */
const kinds: readonly Kind[] = [
  {
    sign: /PRIVATE KEY/,
    form: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){0,65536}(?:-----END [A-Z0-9 ]{0,60}-----)?/g,
    put: () => removed,
  },
  {
    sign: /[-_.:]|AKIA|ASIA|AIza/,
    form: new RegExp(`(?<![A-Za-z0-9])(?:${marked})`, 'g'),
    // Words may begin like keys do; keys hold digits.
    put: (whole) => (/\d/.test(whole ?? '') ? removed : (whole ?? '')),
  },
  {
    sign: /eyJ/,
    form: /(?<![\w-])eyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{10,2000}/g,
    put: () => removed,
  },
  {
    sign: /auth|key|token/i,
    form: /(?<![A-Za-z0-9])((?:proxy-)?authorization|(?:x-)?(?:goog-)?api-key|x-auth-token|private-token)(["']?\s{0,4}[:=]\s{0,4}["']?(?:(?:bearer|basic|token|digest|negotiate)\s{1,4})?)(?!\$|<|\[)([^\s"',;]{8,4096})/gi,
    put: (_whole, name, between) => `${name}${between}${removed}`,
  },
  {
    sign: /bearer/i,
    form: /(?<![A-Za-z0-9])(bearer\s{1,4})([A-Za-z0-9._~+/=-]{20,4096})/gi,
    put: (_whole, before) => `${before}${removed}`,
  },
  {
    sign: /:\/\//,
    form: /(:\/\/[^\s/:@"'`<>]{0,256}:)(?!\$|<|\[|\*)([^\s/@"'`<>]{3,512})(?=@)/g,
    put: (_whole, before) => `${before}${removed}`,
  },
  {
    sign: /hooks\.slack\.com\/|discord(?:app)?\.com\/api\/webhooks\//,
    form: /((?:hooks\.slack\.com\/(?:services|workflows)|discord(?:app)?\.com\/api\/webhooks)\/)[\w/-]{20,300}/g,
    put: (_whole, before) => `${before}${removed}`,
  },
  {
    // A line of an environment file or a shell: the name in capitals, whatever the value but the folder that a shell is in.
    sign: /SECRET|TOKEN|PASS|PWD|KEY|CREDENTIAL/,
    form: new RegExp(
      String.raw`(?!(?<=(?<![A-Z0-9_])(?:OLD)?)PWD=["']?(?:/|[A-Z]:\\))((?:${secretName.toUpperCase()}|PASS)[A-Z0-9_]{0,40}=["']?)(?![$<[{(*])([^\s"'${'`'};,()]{8,4096})`,
      'g',
    ),
    put: (whole, before, value) => (isPlaceholder(value) ? whole : `${before}${removed}`),
  },
  {
    // Text between quotes that is given to such a name, where nobody would write it from memory.
    sign: /secret|token|pass|pwd|key|credential/i,
    form: new RegExp(
      String.raw`(${secretName}[A-Za-z0-9_-]{0,40}["']?[ \t]{0,4}(?::|=|:=|=>)[ \t]{0,4}["'${'`'}])([A-Za-z0-9+/=_.~!@#$%^&*:-]{16,4096})(?=["'${'`'}])`,
      'gi',
    ),
    put: (whole, before, value) => (isRandom(value) ? `${before}${removed}` : whole),
  },
  {
    sign: /[?&][\w-]{0,20}(?:token|key|sig|secret|password)/i,
    form: /([?&](?:access_|id_|refresh_|auth_|x-amz-(?:security-)?|x-goog-)?(?:token|api_?key|key|sig|signature|secret|password|client_secret)=)(?!\$|<|\[|\{)([^&\s"'#<>]{8,4096})/gi,
    put: (whole, before, value) => (isPlaceholder(value) ? whole : `${before}${removed}`),
  },
];

/** What stands in examples and templates. */
function isPlaceholder(value: string): boolean {
  return /^(?:your|my|the|some|example|changeme|replace|placeholder|xxx|todo|process\.|import\.|os\.|env\.|\.{3})|^(.)\1*$/i.test(
    value,
  );
}

/** Whether a text is as mixed as keys are: letters and digits, and more than 3.5 bits in a sign. */
function isRandom(value: string): boolean {
  if (isPlaceholder(value) || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  const counts = new Map<string, number>();
  const some = value.slice(0, 256);
  for (const sign of some) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / some.length) * Math.log2(count / some.length);
  return bits > 3.5;
}
