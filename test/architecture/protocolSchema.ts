import * as z from 'zod';
import { targets } from '../../server/adapters/targets/index.ts';
import type { Target } from '../../server/core/ports/target.ts';
import { AbilitiesFile } from '../../server/protocol/ability.ts';
import { ClientOptions } from '../../server/protocol/editor.ts';
import { entryData } from '../../server/protocol/entryData.ts';
import { contract } from '../../server/protocol/index.ts';
import { EntryFrame, JournalEntry } from '../../server/protocol/journal.ts';
import { McpFile } from '../../server/protocol/mcp.ts';
import type { Message } from '../../server/protocol/message.ts';
import { Playbook } from '../../server/protocol/plan.ts';
import { PolicyFile } from '../../server/protocol/policy.ts';
import { isSchema, protocolModules } from './protocolModules.ts';

type Json = Record<string, unknown>;
type Side = 'input' | 'output';
type Names = z.core.$ZodRegistry<{ id: string }>;

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** The documents that mirror the contract, by path from the root, each as it must stand on the disk. */
export async function protocolDocuments(): Promise<Map<string, string>> {
  const names = await namedSchemas();
  return new Map([
    ['docs/protocol/protocol.schema.json', text(wholeSchema(names))],
    ['docs/protocol/abilities.schema.json', text(abilitiesSchema())],
    ['docs/protocol/mcp.schema.json', text(fileSchema(McpFile, 'MCP servers of a workspace'))],
    ['docs/protocol/playbook.schema.json', text(fileSchema(Playbook, 'A playbook'))],
    ['docs/protocol/policy.schema.json', text(fileSchema(PolicyFile, 'Rules of what may be done'))],
    ['docs/protocol/README.md', table()],
  ]);
}

/** The schema of Abilities files, in which the config of each target is described by the target itself. */
function abilitiesSchema(): Json {
  const whole = fileSchema(AbilitiesFile, 'Abilities of a workspace');
  const ability = (whole as unknown as AbilitiesSchema).properties.abilities.items.properties;
  ability.target = { default: ability.target.default, oneOf: targets.map(chosenTarget) };
  return whole;
}

/** As far as it is looked into here. */
interface AbilitiesSchema {
  readonly properties: { readonly abilities: { readonly items: { readonly properties: { target: Json } } } };
}

function chosenTarget({ name, title, about, config }: Target): Json {
  const { $schema: _, ...fields } = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' });
  const properties = { type: { const: name, title, description: about }, config: fields };
  return { type: 'object', title, properties, required: ['type'], additionalProperties: false };
}

/** Every exported schema of the contract under the name of its export. */
async function namedSchemas(): Promise<Names> {
  const names = z.registry<{ id: string }>();
  const taken = new Set<string>();
  for (const values of (await protocolModules()).values()) {
    for (const [name, value] of Object.entries(values)) {
      if (!isSchema(value) || taken.has(name) || names.has(value)) continue;
      taken.add(name);
      names.add(value, { id: name });
    }
  }
  return names;
}

/** One document: `$defs` of the nouns, and for each message its direction, parameters and result. */
function wholeSchema(names: Names): Json {
  const received: Json = {};
  const sent: Json = {};
  const messages = contract.map((message) => describe(message, names, { input: sent, output: received }));
  const initialization = schemaOf(ClientOptions, 'input', names, sent);
  const renamed = differing(sent, received);
  const rename = (value: unknown) => renameRefs(value, renamed);
  const defs: Json = { ...received };
  for (const [name, schema] of Object.entries(sent)) {
    if (renamed.has(name)) defs[`${name}Input`] = rename(schema);
    else defs[name] ??= schema;
  }
  return {
    $schema: dialect,
    title: 'Virtual Butler: the contract between client and worker',
    $comment:
      'Made by "npm run schema" from server/protocol. What a client sends is said as it may send it, what it is sent as it comes.',
    initializationOptions: rename(initialization),
    messages: Object.fromEntries(
      contract.map((message, index) => {
        const part = sentPart[message.from];
        const described = messages[index];
        const sentOne = described && part in described ? { [part]: rename(described[part]) } : {};
        return [message.method, { ...described, ...sentOne }];
      }),
    ),
    $defs: Object.fromEntries(Object.entries(defs).sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** A message seen by the client: what it may send as input, what it is sent as output. */
function describe(message: Message, names: Names, defs: Record<Side, Json>): Json {
  const { kind, from, page, does } = message;
  const [asked, answered]: [Side, Side] = from === 'client' ? ['input', 'output'] : ['output', 'input'];
  const about = { kind, from, page, does, params: schemaOf(message.params, asked, names, defs[asked]) };
  if (message.kind === 'notification') return about;
  return { ...about, result: schemaOf(message.result, answered, names, defs[answered]) };
}

/** The part of a described message that the client sends. */
const sentPart = { client: 'params', worker: 'result' } as const;

function schemaOf(schema: z.ZodType, io: Side, names: Names, defs: Json): Json {
  const {
    $schema: _,
    $defs,
    ...rest
  } = z.toJSONSchema(schema, {
    io,
    metadata: names,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === JournalEntry) Object.assign(clear(jsonSchema), entrySchema(io, names, defs));
      else if (zodSchema._zod.def.type === 'transform' && zodSchema !== JournalEntry.out) {
        throw new Error('The contract holds a transform that JSON Schema cannot say.');
      }
    },
  }) as Json;
  for (const [name, shape] of Object.entries($defs ?? {})) {
    if (name in defs && text(defs[name]) !== text(shape)) throw new Error(`Two shapes are named ${name}.`);
    defs[name] = shape;
  }
  return rest;
}

/** An entry of the journal: its frame, and by its type the shape of its data. */
function entrySchema(io: Side, names: Names, defs: Json): Json {
  const byType = Object.entries(entryData).map(([type, data]) => ({
    properties: { type: { const: type }, data: schemaOf(data, io, names, defs) },
  }));
  return { ...schemaOf(EntryFrame, io, names, defs), oneOf: byType };
}

/** Names whose shape differs between what may be sent and what is received, by what they refer to included. */
function differing(sent: Json, received: Json): Set<string> {
  const shared = Object.keys(sent).filter((name) => name in received);
  const found = new Set(shared.filter((name) => text(sent[name]) !== text(received[name])));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const name of shared) if (text(renameRefs(sent[name], found)) !== text(sent[name])) found.add(name);
  }
  return found;
}

function renameRefs(value: unknown, names: ReadonlySet<string>): unknown {
  return JSON.parse(JSON.stringify(value), (key, found) => {
    const name = key === '$ref' ? String(found).replace('#/$defs/', '') : '';
    return names.has(name) ? `#/$defs/${name}Input` : found;
  });
}

function fileSchema(schema: z.ZodType, title: string): Json {
  return { ...(z.toJSONSchema(schema, { io: 'input' }) as Json), title };
}

function table(): string {
  const rows = contract.map(({ method, kind, from, page, does }) => {
    const shown = does.replaceAll('|', '\\|');
    return `| \`${method}\` | ${kind} | ${from} | ${page ? 'yes' : 'no'} | ${shown} |`;
  });
  return `# The protocol

The worker is a language server: it speaks JSON-RPC as LSP frames it, over stdio or Node IPC. Where LSP has the
notion (code actions, executeCommand, applyEdit, work-done progress, diagnostics, showMessageRequest), that is used;
the rest are the messages below. \`initializationOptions\` stands at the head of the schema.

- [protocol.schema.json](protocol.schema.json): the whole contract as JSON Schema, for any client.
- [abilities.schema.json](abilities.schema.json): the file \`.butler/abilities.json\`.
- [mcp.schema.json](mcp.schema.json): the file \`.butler/mcp.json\`.
- [playbook.schema.json](playbook.schema.json): a playbook file.

This folder is made by \`npm run schema\` from \`server/protocol/\`; a test fails when it drifts.
"Page" says whether the chat page may send it, or is handed it, through the editor's relay.

| method | kind | begins at | page | what it does |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

function clear(target: Json): Json {
  for (const key of Object.keys(target)) delete target[key];
  return target;
}

function text(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
