import type { Expression } from '../model/expression'
import {
  compileExpression,
  type CompiledExpression,
  type ExpressionScope
} from '../model/expression-compiler'
import type { InstrumentationRule, MonitorType, Subject } from '../model/instrumentation'
import { Errno } from './errno'
import { expressionScope, type InstanceCell } from './expressions'
import type { EngineCore, MonitorDefinition } from './monitor'
import type { Probe } from './tracepoints'

/** Where a rule's instance comes from, if not from a field of the tracepoint. */
const CURRENT_CPU = -1
const GLOBAL = -2
const CURRENT_TASK = -3
const COMPUTED = -4

/** What the rules of a class of monitors do. */
export interface Handler<Code> {
  /**
   * What handle() has to know of a rule; called once for each rule.
   * @throws Errno EINVAL where the model or the class does not have what the rule names
   */
  prepare(rule: InstrumentationRule, scope: ExpressionScope): Code
  /**
   * The rule's condition held.
   * @param key CPU, task, object id, or 0 for the global instance
   * @param args of the tracepoint; valid during the call only
   */
  handle(code: Code, key: number, args: Float64Array): void
}

interface CompiledRule<Code> {
  readonly code: Code
  /** Field with the instance, or one of the four above. */
  readonly source: number
  readonly id: CompiledExpression | undefined
  readonly when: CompiledExpression | undefined
  /** Whether the condition is about the instance, which then must be known before it. */
  readonly asksObject: boolean
}

const SUBJECTS: Record<MonitorType, readonly Subject['kind'][]> = {
  global: ['global'],
  per_cpu: ['cpu'],
  per_task: ['field', 'current'],
  per_obj: ['id']
}

/** All that one monitor does on one tracepoint. */
class RuleProbe<Code> implements Probe {
  constructor(
    private readonly core: EngineCore,
    private readonly cell: InstanceCell,
    private readonly handler: Handler<Code>,
    private readonly steps: readonly (readonly CompiledRule<Code>[])[]
  ) {}

  run(args: Float64Array): void {
    for (const rules of this.steps) {
      for (const rule of rules) {
        if (rule.when !== undefined) {
          if (rule.asksObject) this.cell.key = this.key(rule, args)
          if (rule.when(args) === 0) continue
        }
        const key = this.key(rule, args)
        this.cell.key = key
        this.handler.handle(rule.code, key, args)
        break
      }
    }
  }

  private key(rule: CompiledRule<Code>, args: Float64Array): number {
    const { source } = rule
    if (source >= 0) return args[source] ?? -1
    if (source === CURRENT_CPU) return this.core.host.currentCpu()
    if (source === CURRENT_TASK) return this.core.host.currentTask()
    return source === COMPUTED && rule.id !== undefined ? rule.id(args) : 0
  }
}

/** The probes of a monitor: attach() all of them on enable, detach() on disable. */
export class ProbeSet<Code> {
  private readonly probes: { readonly tracepoint: number; readonly probe: Probe }[] = []

  /**
   * @param cell of the handler; holds the instance while its expressions run
   * @throws Errno EINVAL where a tracepoint, or what a rule names, is not there
   */
  constructor(
    definition: MonitorDefinition,
    private readonly core: EngineCore,
    cell: InstanceCell,
    handler: Handler<Code>
  ) {
    const { monitor, type, tracepoints } = definition.instrumentation
    for (const { tracepoint, steps } of tracepoints) {
      const index = tracepointOf(core, monitor, tracepoint)
      const scope = expressionScope({ ...core, monitor }, index, cell)
      const compile = (rule: InstrumentationRule): CompiledRule<Code> => {
        if (!SUBJECTS[type].includes(rule.on.kind)) {
          throw new Errno(
            'EINVAL',
            `monitor ${monitor}: a ${type} monitor has no instance of the kind ${rule.on.kind}`
          )
        }
        return {
          code: handler.prepare(rule, scope),
          ...subject(rule.on, scope),
          when: rule.when === undefined ? undefined : compileExpression(rule.when, scope),
          asksObject: rule.when !== undefined && asksObject(rule.when)
        }
      }
      const compiled = steps.map((rules) => rules.map(compile))
      this.probes.push({
        tracepoint: index,
        probe: new RuleProbe(core, cell, handler, compiled)
      })
    }
  }

  attach(): void {
    for (const { tracepoint, probe } of this.probes) this.core.bus.attach(tracepoint, probe)
  }

  detach(): void {
    for (const { tracepoint, probe } of this.probes) this.core.bus.detach(tracepoint, probe)
  }
}

/** Index of a tracepoint that a monitor cannot do without. @throws Errno EINVAL */
export function tracepointOf(core: EngineCore, monitor: string, tracepoint: string): number {
  const index = core.bus.index(tracepoint)
  if (index < 0) {
    throw new Errno('EINVAL', `monitor ${monitor}: this kernel has no tracepoint ${tracepoint}`)
  }
  return index
}

function asksObject(expression: Expression): boolean {
  if (expression.kind === 'unary') return asksObject(expression.of)
  if (expression.kind === 'binary') {
    return asksObject(expression.left) || asksObject(expression.right)
  }
  return expression.kind === 'object'
}

function subject(
  on: Subject,
  scope: ExpressionScope
): Pick<CompiledRule<unknown>, 'source' | 'id'> {
  switch (on.kind) {
    case 'cpu':
      return { source: CURRENT_CPU, id: undefined }
    case 'global':
      return { source: GLOBAL, id: undefined }
    case 'current':
      return { source: CURRENT_TASK, id: undefined }
    case 'field':
      return { source: scope.field(on.name), id: undefined }
    case 'id':
      // A field alone is read without a call.
      return on.of.kind === 'field'
        ? { source: scope.field(on.of.name), id: undefined }
        : { source: COMPUTED, id: compileExpression(on.of, scope) }
  }
}
