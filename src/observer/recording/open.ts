import { resolve } from 'node:path'
import type { RecordingFacts } from '../../contract/state'
import type { MonitorModel } from '../../model/load'
import type { OpenOptions } from '../../target/open'
import { nameOf } from '../connector'
import { derivable, Deriver } from './derive'
import {
  Rec,
  recordedChange,
  recordedFacts,
  RecordParser,
  type RecordedFacts,
  type RecordedMonitor
} from './format'
import { RecordingPort, type Player } from './port'
import { Scan } from './scan'
import { RecordingError, Source } from './source'

/** What to do where a file is of trace-cmd. */
const INSTEAD = 'save the text of trace or trace_pipe on the target, or record it with the panel'

/** Percents are told in steps of this many. */
const STEP = 2

/**
 * Opens a recording: text of `trace` or `trace_pipe`, a trace.dat, or one of the panel's own, each
 * of them also packed with gzip. Rejects with one sentence.
 */
export async function openRecording(path: string, options: OpenOptions): Promise<RecordingPort> {
  const file = resolve(path)
  const name = nameOf({ kind: 'recording', path: file })
  let doing = 'Reading'
  let told = -1
  const source = await Source.open(file, {
    signal: options.signal,
    onProgress: (read, size) => {
      const percent = Math.min(100, Math.floor((100 * read) / size / STEP) * STEP)
      if (percent === told) return
      told = percent
      options.onProgress?.(`${doing} ${name} … ${String(percent)} % of ${bytesText(size)}`)
    }
  })
  if (source.format === 'panel') {
    doing = 'Loading'
    return panelRecording(source, file, name)
  }
  if (source.format === 'trace.dat') {
    throw new RecordingError(
      `${file} is a trace.dat of trace-cmd, which cannot be read yet: ${INSTEAD}.`
    )
  }
  const text = (): AsyncIterable<Uint8Array> => source.chunks()
  const scan = new Scan()
  for await (const bytes of text()) {
    scan.push(bytes)
    if (scan.isHopeless) break
  }
  scan.finish()
  if (scan.isReport) {
    throw new RecordingError(
      `${file} is the output of trace-cmd report, which prints events in other words than the kernel: ${INSTEAD}.`
    )
  }
  if (scan.records === 0) {
    throw new RecordingError(`${file} is no kernel trace: ${scan.whyNot()}.`)
  }
  doing = 'Loading'
  return traceRecording({ text, scan, file, name, format: 'trace', models: options.models })
}

interface TraceParts {
  readonly text: () => AsyncIterable<Uint8Array>
  readonly scan: Scan
  readonly file: string
  readonly name: string
  readonly format: RecordingFacts['format']
  readonly models: readonly MonitorModel[]
}

function traceRecording(parts: TraceParts): RecordingPort {
  const { text, scan, file, name, format, models } = parts
  const derived = scan.monitors.size === 0
  const able = derived ? derivable(models, scan.events) : { models: [], missing: [] }
  if (derived && able.models.length === 0) {
    const [first] = able.missing
    const wants =
      first === undefined ? '' : `, such as ${first.missing.join(', ')} for ${first.monitor}`
    throw new RecordingError(
      `${file} is a trace without events of the system rv, and without the tracepoints from which a monitor could be derived${wants}.`
    )
  }
  const seen = derived
    ? able.models.map((model) => ({ name: model.name, ...shapeOf(model) }))
    : [...scan.monitors].map(([monitor, shape]) => ({ name: monitor, ...shape }))
  const facts: RecordedFacts = {
    target: name,
    release: '',
    cpus: scan.cpus,
    monitors: monitorsOf(seen, models),
    switches: { monitoringOn: true, reactingOn: null, reactors: null }
  }
  const play = async (player: Player): Promise<null> => {
    const take = (bytes: Uint8Array): void => {
      player.trace(bytes)
    }
    const deriver = derived ? new Deriver(able.models, scan.cpus) : undefined
    for await (const bytes of text()) {
      if (deriver === undefined) take(bytes)
      else deriver.push(bytes, take)
      await player.room?.()
    }
    deriver?.finish(take)
    return null
  }
  return new RecordingPort({
    facts,
    name,
    comms: scan.comms,
    play,
    recording: {
      file,
      format,
      derived,
      notDerived: able.missing.map(({ monitor, missing }) => ({ monitor, missing: [...missing] })),
      problem: null
    }
  })
}

type Shape = Pick<RecordedMonitor, 'class' | 'hasId'>

function shapeOf(model: MonitorModel): Shape {
  if (model.kind === 'ltl') return { class: 'ltl', hasId: true }
  if (model.kind === 'container') return { class: 'container', hasId: false }
  const { type } = model.instrumentation
  return { class: model.automaton.kind, hasId: type === 'per_task' || type === 'per_obj' }
}

/** The monitors that a trace has, with the containers that they are in, in the order of the models. */
function monitorsOf(
  seen: readonly (Shape & { readonly name: string })[],
  models: readonly MonitorModel[]
): RecordedMonitor[] {
  const order = new Map(models.map((model, i) => [model.name, i] as const))
  const rank = (name: string): number => order.get(name) ?? models.length
  const monitors: RecordedMonitor[] = []
  const containers = new Set<string>()
  const sorted = [...seen].sort((a, b) => rank(a.name) - rank(b.name))
  const plain = { enabled: true, reactor: null, model: null, type: 'unknown' as const }
  for (const { name, class: of, hasId } of sorted) {
    const model = models[rank(name)]
    const known = model?.kind === 'container' ? undefined : model
    const parent = known?.instrumentation.parent
    if (parent !== undefined && !containers.has(parent)) {
      containers.add(parent)
      const container = models.find((one) => one.name === parent)
      monitors.push({
        name: parent,
        class: 'container',
        hasId: false,
        description: container?.kind === 'container' ? container.description : '',
        ...plain
      })
    }
    // error_env_ comes rarely, and the model knows of it anyway.
    const shape = known === undefined ? of : shapeOf(known).class
    const fits = shape === 'ha' && of === 'da' ? shape : of
    monitors.push({
      name: parent === undefined ? name : `${parent}:${name}`,
      class: fits,
      hasId,
      description: (known?.instrumentation.description ?? '').slice(0, 1000),
      ...plain
    })
  }
  return monitors
}

async function panelRecording(source: Source, file: string, name: string): Promise<RecordingPort> {
  const facts = await firstFacts(source, file)
  const play = async (player: Player): Promise<string | null> => {
    const parser = new RecordParser()
    for await (const bytes of source.chunks()) {
      parser.push(bytes, (type, payload) => {
        playRecord(player, type, payload)
      })
      if (parser.problem !== undefined) break
      await player.room?.()
    }
    parser.finish()
    return parser.problem ?? null
  }
  return new RecordingPort({
    facts,
    name,
    comms: new Map(),
    play,
    recording: { file, format: 'panel', derived: false, notDerived: [], problem: null }
  })
}

function playRecord(player: Player, type: string, payload: Uint8Array): void {
  switch (type) {
    case Rec.Events:
      player.events(payload)
      break
    case Rec.Violations:
      player.violations(payload)
      break
    case Rec.Log:
      player.log(payload)
      break
    case Rec.Change: {
      const change = recordedChange.safeParse(json(payload))
      if (change.success) player.change(change.data)
      break
    }
    default:
      break
  }
}

/** What the recording says of itself first. */
async function firstFacts(source: Source, file: string): Promise<RecordedFacts> {
  const parser = new RecordParser()
  let facts: RecordedFacts | undefined
  let first: string | undefined
  for await (const bytes of source.chunks()) {
    parser.push(bytes, (type, payload) => {
      if (first === undefined && type === Rec.Facts) {
        facts = recordedFacts.safeParse(json(payload)).data
      }
      first ??= type
    })
    if (first !== undefined || parser.problem !== undefined) break
  }
  if (facts !== undefined) return facts
  const why =
    parser.problem ?? 'its first record, which says what was recorded, is missing or no such record'
  throw new RecordingError(
    `${file} cannot be shown: ${why.replace(/\.$/, '').replace(/; what came before it is shown$/, '')}.`
  )
}

function json(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload))
  } catch {
    return undefined
  }
}

function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${String(Math.ceil(bytes / 1e3))} kB`
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`
  return `${(bytes / 1e9).toFixed(2)} GB`
}
