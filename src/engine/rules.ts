import { compileCondition, type CompiledCondition } from '../model/condition'
import type { InstrumentationRule } from '../model/instrumentation'
import { Errno } from './errno'
import type { MonitorDefinition } from './monitor'
import { HANDLE_EVENT, HANDLE_START_EVENT, HANDLE_START_RUN_EVENT, type Call } from './step'
import type { Probe, TracepointBus } from './tracepoints'

const CALLS: Record<InstrumentationRule['call'], Call> = {
  handle_event: HANDLE_EVENT,
  handle_start_event: HANDLE_START_EVENT,
  handle_start_run_event: HANDLE_START_RUN_EVENT
}

/** Where a rule's instance comes from, if not from a field of the tracepoint. */
const CURRENT_CPU = -1
const GLOBAL = -2

/** The entry points of a monitor, whatever its class. */
export interface Handler {
  /** @param key CPU, task, object id, or 0 for the global instance */
  handle(call: Call, event: number, key: number): void
  currentCpu(): number
}

interface CompiledRule {
  readonly event: number
  readonly call: Call
  /** Field with the instance, or CURRENT_CPU, or GLOBAL. */
  readonly source: number
  readonly when: CompiledCondition | undefined
}

/** All that one monitor does on one tracepoint. */
class RuleProbe implements Probe {
  constructor(
    private readonly handler: Handler,
    private readonly steps: readonly (readonly CompiledRule[])[]
  ) {}

  run(args: Float64Array): void {
    for (const rules of this.steps) {
      for (const rule of rules) {
        if (rule.when !== undefined && !rule.when(args)) continue
        this.handler.handle(rule.call, rule.event, this.key(rule.source, args))
        break
      }
    }
  }

  private key(source: number, args: Float64Array): number {
    if (source >= 0) return args[source] ?? -1
    return source === CURRENT_CPU ? this.handler.currentCpu() : 0
  }
}

/** The probes of a monitor: attach() all of them on enable, detach() on disable. */
export class ProbeSet {
  private readonly probes: { readonly tracepoint: number; readonly probe: Probe }[] = []

  /** @throws Errno EINVAL where a tracepoint, field or event is not there */
  constructor(
    definition: MonitorDefinition,
    private readonly bus: TracepointBus,
    handler: Handler
  ) {
    for (const { tracepoint, steps } of definition.instrumentation.tracepoints) {
      const index = bus.index(tracepoint)
      const { monitor } = definition.instrumentation
      if (index < 0) {
        throw new Errno('EINVAL', `monitor ${monitor}: this kernel has no tracepoint ${tracepoint}`)
      }
      const compiled = steps.map((rules) =>
        rules.map((rule) => compile(definition, bus, index, rule))
      )
      this.probes.push({ tracepoint: index, probe: new RuleProbe(handler, compiled) })
    }
  }

  attach(): void {
    for (const { tracepoint, probe } of this.probes) this.bus.attach(tracepoint, probe)
  }

  detach(): void {
    for (const { tracepoint, probe } of this.probes) this.bus.detach(tracepoint, probe)
  }
}

function compile(
  { automaton, instrumentation: { monitor, type } }: MonitorDefinition,
  bus: TracepointBus,
  tracepoint: number,
  rule: InstrumentationRule
): CompiledRule {
  const event = automaton.events.indexOf(rule.event)
  if (event < 0) {
    throw new Errno('EINVAL', `monitor ${monitor}: its model has no event ${rule.event}`)
  }
  const field = (name: string): number => {
    const index = bus.fieldIndex(tracepoint, name)
    if (index < 0) {
      throw new Errno('EINVAL', `monitor ${monitor}: its tracepoint has no field ${name}`)
    }
    return index
  }
  const source = type === 'per_cpu' ? CURRENT_CPU : type === 'global' ? GLOBAL : field(rule.on)
  const when = rule.when === undefined ? undefined : compileCondition(rule.when, field)
  return { event, call: CALLS[rule.call], source, when }
}
