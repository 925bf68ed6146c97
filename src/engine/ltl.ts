import {
  compileExpression,
  type CompiledExpression,
  type ExpressionScope
} from '../model/expression-compiler'
import type { AtomCall, InstrumentationRule, LtlParts } from '../model/instrumentation'
import type { LtlModel } from '../model/ltl'
import { startBuchi, stepBuchi } from '../model/ltl/buchi'
import { Errno } from './errno'
import { expressionScope, NO_ARGS, type InstanceCell } from './expressions'
import { LtlStorage } from './ltl-storage'
import type {
  EngineCore,
  MonitorClass,
  MonitorDefinition,
  MonitorDriver,
  RvMonitor
} from './monitor'
import { ProbeSet, tracepointOf, type Handler } from './rules'
import { NOT_MONITORING } from './step'
import type { Probe } from './tracepoints'

/** An atom and what gives it its value. */
interface Assignment {
  /** A set of one atom. */
  readonly bit: number
  readonly value: CompiledExpression
}

interface Code extends Assignment {
  readonly call: AtomCall
}

/**
 * A monitor of a formula of linear temporal logic (include/rv/ltl_monitor.h),
 * always per task. Unlike automata it asks neither monitoring_on nor whether it
 * is enabled, and cannot be reset.
 */
class LtlDriver implements MonitorDriver, Handler<Code> {
  /** The kernel's monitors have no reset callback. */
  readonly reset = undefined
  private readonly storage: LtlStorage
  private readonly cell: InstanceCell = { key: 0 }
  private readonly probes: ProbeSet<Code>
  private readonly fetched: readonly Assignment[]
  private readonly initial: readonly Assignment[]
  private readonly created: readonly Assignment[]
  private readonly newtask: number
  private readonly newtaskProbe: Probe
  private readonly initTask = (task: number): void => this.init(task, false)

  /** @throws Errno EINVAL where the definition names what the model or this kernel does not have */
  constructor(
    private readonly core: EngineCore,
    private readonly monitor: RvMonitor,
    private readonly ltl: LtlModel,
    parts: LtlParts,
    definition: MonitorDefinition
  ) {
    this.storage = new LtlStorage(core.slots)
    this.probes = new ProbeSet(definition, core, this.cell, this)
    const scope = expressionScope({ ...core, monitor: monitor.name }, undefined, this.cell)
    this.fetched = this.assignments(parts.fetch, scope)
    this.initial = this.assignments(parts.init, scope)
    this.created = this.assignments(parts.created, scope)
    this.newtask = tracepointOf(core, monitor.name, 'task_newtask')
    const field = core.bus.fieldIndex(this.newtask, 'task')
    this.newtaskProbe = { run: (args) => this.init(args[field] ?? -1, true) }
  }

  enable(): void {
    this.storage.claim()
    this.core.bus.attach(this.newtask, this.newtaskProbe)
    this.core.host.forEachTask(this.initTask)
    this.probes.attach()
  }

  disable(): void {
    this.probes.detach()
    this.core.bus.detach(this.newtask, this.newtaskProbe)
    this.storage.release()
  }

  stateOf(task: number): number {
    const states = this.storage.claimed ? (this.storage.states[task] ?? 0) : 0
    return states === 0 ? NOT_MONITORING : states
  }

  prepare(rule: InstrumentationRule, scope: ExpressionScope): Code {
    if (rule.kind !== 'atom') {
      throw new Errno('EINVAL', `monitor ${this.monitor.name}: its rules set atoms, nothing else`)
    }
    return {
      call: rule.call,
      bit: this.bit(rule.atom),
      value: compileExpression(rule.value, scope)
    }
  }

  handle({ call, bit, value }: Code, task: number, args: Float64Array): void {
    const { storage } = this
    if (this.core.halted || !storage.claimed || !storage.has(task)) return
    const holds = value(args) !== 0
    storage.set(task, bit, holds)
    if (call === 'atom_set') return
    this.update(task)
    if (call === 'atom_pulse') this.endPulse(task, bit, !holds)
  }

  /** The second half of ltl_atom_pulse(): back to the other value, without a fetch and without a start. */
  private endPulse(task: number, bit: number, value: boolean): void {
    const { storage } = this
    storage.set(task, bit, value)
    if (storage.states[task] !== 0) this.validate(task)
  }

  /** ltl_atom_update() once the atom is set. */
  private update(task: number): void {
    const { storage } = this
    this.assign(this.fetched, task)
    if (storage.states[task] !== 0) {
      this.validate(task)
    } else if (storage.unknown[task] === 0) {
      // Says nothing, even where no initial state's label holds.
      storage.states[task] = startBuchi(this.ltl.buchi, storage.atoms[task] ?? 0)
    }
  }

  /** ltl_validate(): the line, the new set, and where it is empty the violation, whose trace event comes before the reaction. */
  private validate(task: number): void {
    const { core, monitor, storage } = this
    const states = storage.states[task] ?? 0
    const atoms = storage.atoms[task] ?? 0
    const next = stepBuchi(this.ltl.buchi, states, atoms)
    core.host.trace.ltlEvent(monitor.index, task, states, atoms, next)
    storage.states[task] = next
    if (next !== 0) return
    const { host } = core
    host.trace.ltlError(monitor.index, task)
    if (!core.reacts(monitor)) return
    core.react(
      monitor,
      `rv: ${monitor.name}: ${host.commOf(task)}[${host.pidOf(task)}]: violation detected\n`
    )
  }

  /** ltl_task_init() */
  private init(task: number, created: boolean): void {
    if (!this.storage.has(task)) return
    this.storage.forget(task, this.ltl.atoms.length)
    this.assign(this.initial, task)
    if (created) this.assign(this.created, task)
    this.assign(this.fetched, task)
  }

  private assign(assignments: readonly Assignment[], task: number): void {
    this.cell.key = task
    for (const { bit, value } of assignments) {
      this.storage.set(task, bit, value(NO_ARGS) !== 0)
    }
  }

  private assignments(
    values: ReadonlyMap<string, Parameters<typeof compileExpression>[0]>,
    scope: ExpressionScope
  ): Assignment[] {
    return [...values].map(([atom, expression]) => ({
      bit: this.bit(atom),
      value: compileExpression(expression, scope)
    }))
  }

  private bit(atom: string): number {
    const index = this.ltl.atoms.indexOf(atom)
    if (index < 0) {
      throw new Errno('EINVAL', `monitor ${this.monitor.name}: its formula has no atom ${atom}`)
    }
    return 1 << index
  }
}

/** Formulas of linear temporal logic, as Büchi automata without acceptance. */
export const temporalLogic: MonitorClass = {
  title: 'formulas of linear temporal logic',
  accepts: ({ ltl }) => ltl !== undefined,
  create: (monitor, definition, core) => {
    const { ltl, instrumentation } = definition
    const refuse = (what: string): Errno => new Errno('EINVAL', `monitor ${monitor.name}: ${what}`)
    if (ltl === undefined || instrumentation.ltl === undefined) {
      throw refuse('nothing says how its atoms get their values')
    }
    if (monitor.type !== 'per_task') throw refuse('a formula is monitored per task only')
    return new LtlDriver(core, monitor, ltl, instrumentation.ltl, definition)
  }
}
