import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { Replay } from '../../src/observer/replay/replay'
import { loadModels } from '../../src/target/load-models'
import { createTraceDecoder, RecordKind, textOf, type TraceBatch } from '../../src/trace'

/** What a monitor says about one event, or about one that it refuses. */
export interface Verdict {
  /** Number of the record in the recording; of a derived one, that of the tracepoint. */
  readonly record: number
  /** As in the trace line: `running x switch_out -> not_running`, `refused: running x wakeup`. */
  readonly text: string
}

/** A trace line that is no verdict: a tracepoint of the kernel. */
export interface Raw {
  readonly record: number
  readonly cpu: number
  readonly event: string
  readonly flags: string
  readonly text: string
}

/** Verdicts by monitor and instance: `wip cpu1`, `wwnr 187`. */
export type Verdicts = ReadonlyMap<string, readonly Verdict[]>

export interface Compared {
  readonly kernel: Verdicts
  readonly derived: Verdicts
  readonly raw: readonly Raw[]
  readonly malformed: number
}

const MODELS = fileURLToPath(new URL('../../models', import.meta.url))

/** Reads a recording: the kernel's verdicts, and those that the engine derives from the other records. */
export async function compare(name: string): Promise<Compared> {
  const { models } = await loadModels(MODELS)
  const file = new URL(`recordings/${name}.trace.txt.gz`, import.meta.url)
  const text = gunzipSync(readFileSync(file))
  const kernel = new Map<string, Verdict[]>()
  const derived = new Map<string, Verdict[]>()
  const raw: Raw[] = []
  let record = 0

  const add = (to: Map<string, Verdict[]>, key: string, verdict: string): void => {
    const known = to.get(key) ?? []
    if (known.length === 0) to.set(key, known)
    known.push({ record, text: verdict })
  }
  const key = (monitor: number, id: number): string =>
    `${replay.monitors[monitor]?.name ?? '?'} ${id < 0 ? `cpu${replay.currentCpu()}` : String(id)}`
  const words = (monitor: number, ...numbers: readonly number[]): string[] => {
    const { states = [], events = [] } = replay.monitors[monitor]?.automaton ?? {}
    const [state = -1, event = -1, next = -1] = numbers
    return [states[state] ?? '?', events[event] ?? '?', states[next] ?? '?']
  }
  const replay: Replay = new Replay({
    models,
    cpus: 4,
    tick: 1_000_000,
    trace: {
      event: (monitor, id, from, what, to) => {
        const [state, event, next] = words(monitor, from, what, to)
        add(derived, key(monitor, id), `${state} x ${event} -> ${next}`)
      },
      error: (monitor, id, from, what) => {
        const [state, event] = words(monitor, from, what)
        add(derived, key(monitor, id), `refused: ${state} x ${event}`)
      },
      errorEnv: (monitor, id, from, what, env) => {
        const [state, event] = words(monitor, from, what)
        add(derived, key(monitor, id), `refused: ${state} x ${event} with ${env}`)
      },
      retries: () => undefined,
      ltlEvent: () => undefined,
      ltlError: (monitor, task) => add(derived, key(monitor, replay.pidOf(task)), 'violated')
    }
  })

  const take = (batch: TraceBatch): void => {
    for (let i = 0; i < batch.count; i++) {
      const name = (column: Uint32Array): string => batch.names.names[column[i] ?? 0] ?? '?'
      const kind = batch.kind[i]
      const id = batch.hasId[i] === 1 ? String(batch.id[i]) : `cpu${batch.cpu[i] ?? 0}`
      const instance = `${name(batch.monitor)} ${id}`
      const step = `${name(batch.state)} x ${name(batch.event)}`
      if (kind === RecordKind.Event) add(kernel, instance, `${step} -> ${name(batch.next)}`)
      else if (kind === RecordKind.Error) add(kernel, instance, `refused: ${step}`)
      else if (kind === RecordKind.Other) {
        const [event, flags] = [name(batch.monitor), name(batch.flags)]
        raw.push({ record, cpu: batch.cpu[i] ?? 0, event, flags, text: textOf(batch, i) })
      } else throw new Error(`record ${record} is of another kind: ${textOf(batch, i)}`)
    }
    replay.feed(batch)
    record += batch.count
  }
  // One record at a time, so that a derived verdict has the record that led to it.
  const decoder = createTraceDecoder({ capacity: 1 })
  decoder.decode(text, take)
  decoder.finish(take)
  return { kernel, derived, raw, malformed: replay.malformed }
}

/** Verdicts that only one of the two has, between two on which they agree. */
export interface Gap {
  readonly instance: string
  readonly kernel: readonly Verdict[]
  readonly derived: readonly Verdict[]
  /** Records of the verdicts on which both agree, before and behind. */
  readonly after: number
  readonly before: number
}

/** So many verdicts in a row that are the same end a gap. */
const SURE = 3

/** The kernel's line stands behind its tracepoint's, at most so many records, which are those of other CPUs and of interrupts. */
const NEAR = 12

function isSame(kernel: Verdict | undefined, derived: Verdict | undefined): boolean {
  if (kernel === undefined || derived === undefined) return kernel === derived
  const distance = kernel.record - derived.record
  return kernel.text === derived.text && distance > 0 && distance <= NEAR
}

/** Where the verdicts on one instance part and meet again. */
export function gapsOf(
  instance: string,
  kernel: readonly Verdict[],
  derived: readonly Verdict[]
): { readonly gaps: readonly Gap[]; readonly same: number } {
  const gaps: Gap[] = []
  let [k, d, same, after] = [0, 0, 0, -1]
  const meets = (a: number, b: number): boolean => {
    for (let i = 0; i < SURE; i++) {
      if (!isSame(kernel[a + i], derived[b + i])) return false
      if (kernel[a + i] === undefined) break
    }
    return true
  }
  while (k < kernel.length || d < derived.length) {
    const one = kernel[k]
    if (one !== undefined && isSame(one, derived[d])) {
      after = one.record
      same++
      k++
      d++
      continue
    }
    // The shortest way to where they are the same again, or to the end of both.
    let [skipKernel, skipDerived] = [kernel.length - k, derived.length - d]
    search: for (let sum = 1; sum < skipKernel + skipDerived; sum++) {
      for (
        let a = Math.max(0, sum - (derived.length - d));
        a <= Math.min(sum, kernel.length - k);
        a++
      ) {
        if (!meets(k + a, d + sum - a)) continue
        skipKernel = a
        skipDerived = sum - a
        break search
      }
    }
    gaps.push({
      instance,
      kernel: kernel.slice(k, k + skipKernel),
      derived: derived.slice(d, d + skipDerived),
      after,
      before: kernel[k + skipKernel]?.record ?? Infinity
    })
    k += skipKernel
    d += skipDerived
  }
  return { gaps, same }
}
