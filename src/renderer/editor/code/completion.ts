import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { Sketch } from '../../../model/edit'
import { BINARY_OPERATORS, UNARY_OPERATORS } from '../../../model/ltl/syntax'
import {
  CONSTANTS,
  CONTEXT_VARIABLES,
  OBJECT_ATTRIBUTES,
  TASK_ATTRIBUTES,
  TRACEPOINTS,
  findTracepoint
} from '../../../model/tracepoints'
import { texts } from '../../texts'

/** What the open model is made of, as far as its text tells. */
export interface Vocabulary {
  readonly sketch: Sketch | undefined
  /** Atoms of a formula. */
  readonly atoms: readonly string[]
  readonly containers: readonly string[]
}

const t = texts.editor.completion
const MAX_LINE = 10_000

const options = (labels: Iterable<string>, type: string, detail?: string): Completion[] =>
  [...new Set(labels)].map((label) => ({
    label,
    type,
    ...(detail === undefined ? {} : { detail })
  }))

const signature = (fields: readonly { readonly name: string }[]): string =>
  fields.length === 0 ? '' : `(${fields.map((f) => f.name).join(', ')})`

const tracepoints: readonly Completion[] = TRACEPOINTS.map(({ name, fields }) => ({
  label: name,
  type: 'function',
  detail: `${t.tracepoint} ${signature(fields)}`
}))

/** What may stand at a place of a model's file. Undefined: nothing that is known. */
export function complete(
  context: CompletionContext,
  file: string,
  vocabulary: Vocabulary
): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos)
  // No line of a model is that long, and each key would read it all.
  if (line.length > MAX_LINE) return null
  const before = line.text.slice(0, context.pos - line.from)
  const word = /[A-Za-z0-9_]*$/.exec(before)?.[0] ?? ''
  const head = before.slice(0, before.length - word.length)
  if (word === '' && !context.explicit && !/[".;\s([]$/.test(head)) return null
  const found = /\.(dot|gv)$/.test(file)
    ? inDot(head, vocabulary)
    : file.endsWith('.ltl')
      ? inLtl(head, vocabulary)
      : inYaml(context, head, line.number, vocabulary)
  if (found === undefined || found.length === 0 || (word === '' && !context.explicit)) return null
  return { from: context.pos - word.length, options: found, validFor: /^[A-Za-z0-9_]*$/ }
}

function inDot(head: string, { sketch }: Vocabulary): Completion[] | undefined {
  const states = options(sketch?.states.map((s) => s.name) ?? [], 'class', t.state)
  const quotes = head.split('"').length - 1
  const isString = quotes % 2 === 1
  const inList = head.lastIndexOf('[') > head.lastIndexOf(']')
  if (isString && inList) {
    const label = head.slice(head.lastIndexOf('"') + 1)
    return head.includes('->') ? inEventLabel(label, sketch) : inStateLabel(label, sketch, states)
  }
  if (isString || /->\s*$/.test(head)) return states
  if (inList) {
    if (/shape\s*=\s*$/.test(head)) {
      return options(['circle', 'doublecircle', 'ellipse', 'plaintext'], 'enum', t.shape)
    }
    return /=\s*$/.test(head) ? undefined : options(['label', 'shape', 'style'], 'property')
  }
  return [...options(['digraph', 'node', 'edge', 'subgraph'], 'keyword'), ...states]
}

/** Environment variables of guards and limits, as written. */
function environment(sketch: Sketch | undefined): string[] {
  const text = [
    ...(sketch?.states.map((s) => s.invariant) ?? []),
    ...(sketch?.edges.flatMap((e) => e.labels.map((l) => l.guard)) ?? [])
  ].join(' ')
  return [...text.matchAll(/\b([A-Za-z_][A-Za-z0-9_]*)\s*(?:==|!=|<=|>=|<|>)/g)].map(
    (m) => m[1] ?? ''
  )
}

function inEventLabel(label: string, sketch: Sketch | undefined): Completion[] {
  const part = label.slice(label.lastIndexOf('\\n') + 1)
  if (part.includes(';')) {
    return [
      ...options(environment(sketch), 'variable', t.environment),
      { label: 'reset()', type: 'function', detail: t.reset, apply: 'reset(clk)' }
    ]
  }
  const events = sketch?.edges.flatMap((e) => e.labels.map((l) => l.event)) ?? []
  const others = tracepoints.filter(({ label: name }) => !events.includes(name))
  return [...options(events, 'event', t.event), ...others]
}

function inStateLabel(
  label: string,
  sketch: Sketch | undefined,
  states: readonly Completion[]
): Completion[] {
  return label.includes('\\n')
    ? options(environment(sketch), 'variable', t.environment)
    : [...states]
}

function inLtl(head: string, { atoms }: Vocabulary): Completion[] | undefined {
  if (head.includes('#')) return undefined
  return [
    ...options([...UNARY_OPERATORS, ...BINARY_OPERATORS, 'true', 'false'], 'keyword'),
    ...options(['RULE', ...atoms], 'variable', t.atom)
  ]
}

const TOP_KEYS = [
  'monitor',
  'type',
  'description',
  'parent',
  'parameters',
  'tracepoints',
  'storage',
  'timer',
  'environment',
  'values',
  'fetch',
  'init',
  'created',
  'reactions'
]
const HANDLERS = ['handle_event', 'handle_start_event', 'handle_start_run_event']
const STORAGE_CALLS = ['create', 'destroy', 'reset']
const ATOM_CALLS = ['atom_set', 'atom_update', 'atom_pulse']

function inYaml(
  context: CompletionContext,
  head: string,
  number: number,
  { sketch, atoms, containers }: Vocabulary
): Completion[] | undefined {
  if (head.includes('#')) return undefined
  const key = /^\s*(?:-\s+)*([a-z]+):\s/.exec(head)?.[1]
  switch (key) {
    case 'type':
      return options(['global', 'per_cpu', 'per_task', 'per_obj', 'container'], 'enum')
    case 'parent':
      return options(containers, 'class', t.container)
    case 'timer':
      return options(['none', 'wheel', 'hrtimer'], 'enum')
    case 'unit':
      return options(['ns', 'jiffies'], 'enum')
    case 'event':
      return options(
        sketch?.edges.flatMap((e) => e.labels.map((l) => l.event)) ?? [],
        'event',
        t.event
      )
    case 'atom':
      return options(atoms, 'variable', t.atom)
    case 'call':
      return options([...HANDLERS, ...(atoms.length > 0 ? ATOM_CALLS : STORAGE_CALLS)], 'function')
    default:
      break
  }
  const { top, tracepoint } = around(context, number)
  const isKey = /^\s*(?:-\s+)*$/.test(head)
  if (isKey && /^\S?$/.test(head)) return options(TOP_KEYS, 'property')
  if (isKey && top === 'tracepoints' && head.length <= 4 && !head.includes('-'))
    return [...tracepoints]
  if (isKey && top === 'tracepoints') {
    return options(['event', 'atom', 'call', 'on', 'when', 'value', 'choose'], 'property')
  }
  return isKey ? undefined : expression(head, tracepoint)
}

/** The top-level key and the tracepoint that a line stands under. */
function around(
  { state }: CompletionContext,
  number: number
): { readonly top: string | undefined; readonly tracepoint: string | undefined } {
  let tracepoint: string | undefined
  for (let n = number - 1; n >= 1; n--) {
    const { text } = state.doc.line(n)
    const [, indent = '', key] = /^(\s*)([A-Za-z0-9_, ]+):\s*$/.exec(text) ?? []
    if (key === undefined) continue
    if (indent === '') return { top: key, tracepoint }
    tracepoint ??= findTracepoint(key.split(',')[0]?.trim() ?? '')?.name
  }
  return { top: undefined, tracepoint }
}

function expression(head: string, tracepoint: string | undefined): Completion[] {
  const catalog = (entries: readonly { name: string; meaning: string }[]): Completion[] =>
    entries.map(({ name, meaning }) => ({ label: name, type: 'property', detail: meaning }))
  if (head.endsWith('object.')) return catalog(OBJECT_ATTRIBUTES)
  if (head.endsWith('.')) return catalog(TASK_ATTRIBUTES)
  const fields = findTracepoint(tracepoint ?? '')?.fields ?? []
  return [
    ...options(
      fields.map((f) => f.name),
      'variable',
      t.argument(tracepoint ?? '')
    ),
    ...options(['current', 'task', 'object'], 'variable'),
    ...catalog(CONTEXT_VARIABLES),
    ...options(CONSTANTS.keys(), 'constant', t.constant)
  ]
}
