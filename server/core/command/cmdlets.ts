import type { Judged, Means, ProgramRule, ProgramTable, ReadArguments } from './programRule.ts';

/** Commands of PowerShell itself, with the parameters that are understood, each written out. */
export const cmdlets: ProgramTable = {
  'Get-ChildItem': cmdlet(
    '-Recurse -File -Directory -Name -Force',
    '-Depth -Filter -Include -Exclude',
    'read',
  ),
  'Get-Content': cmdlet('-Raw', '-TotalCount -Tail -Head -Encoding', 'read'),
  'Select-String': {
    oneDash: true,
    flags: '-SimpleMatch -CaseSensitive -NotMatch -List -Quiet -Raw',
    values: { '-Pattern': 'text', '-Path': 'text', '-Context': 'text' },
    operands: ['text'],
    judge: ({ options, operands }) => {
      const isNamed = options.some(({ name }) => name === '-Pattern');
      return located('read')({ options, operands: isNamed ? operands : operands.slice(1) });
    },
  },
  'Get-Location': {},
  'Get-Date': { oneDash: true, values: { '-Format': 'text' } },
  'Test-Path': cmdlet('', '-PathType', 'read'),
  'Measure-Object': { oneDash: true, flags: '-Line -Word -Character' },
  'Select-Object': {
    oneDash: true,
    flags: '-Unique',
    values: { '-First': 'text', '-Last': 'text', '-Skip': 'text' },
  },
  'Write-Output': { operands: ['text'] },
  'Write-Host': { operands: ['text'] },
  'Out-Null': {},
  'New-Item': {
    oneDash: true,
    values: { '-ItemType': 'text', '-Path': 'text' },
    operands: ['text'],
    judge: (read) => {
      const kind = read.options.find(({ name }) => name === '-ItemType')?.value ?? '';
      const isPlain = /^(file|directory)$/i.test(kind);
      return { ...located('write')(read), reasons: isPlain ? [] : ['It may make a link.'] };
    },
  },
  'Remove-Item': cmdlet('-Recurse -Force', '', 'delete'),
  'Set-Content': {
    oneDash: true,
    values: { '-Path': 'text', '-Value': 'text', '-Encoding': 'text' },
    judge: located('write'),
  },
  'Add-Content': {
    oneDash: true,
    values: { '-Path': 'text', '-Value': 'text', '-Encoding': 'text' },
    judge: located('write'),
  },
};

function cmdlet(flags: string, valued: string, means: Means): ProgramRule {
  const values = Object.fromEntries(
    `-Path -LiteralPath ${valued}`
      .split(' ')
      .filter(Boolean)
      .map((name) => [name, 'text'] as const),
  );
  return { oneDash: true, flags, values, operands: ['text'], judge: located(means) };
}

/** Its files, as operands or by `-Path`; a drive of PowerShell's own or a pattern is no file. */
function located(means: Means) {
  return ({ options, operands }: ReadArguments): Judged => {
    const named = options.filter(({ name }) => name === '-Path' || name === '-LiteralPath');
    const files = [...operands, ...named.map(({ value }) => value ?? '')];
    const odd = files.some((file) => /[*?[\]]|^[A-Za-z]{2,}:|::/.test(file));
    return {
      means: files.map((file): [Means, string] => [means, file.replaceAll('\\', '/')]),
      reasons: odd ? ['It names files by a pattern, or something that is no file.'] : [],
    };
  };
}
