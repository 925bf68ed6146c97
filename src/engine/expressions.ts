import type { ExpressionScope } from '../model/expression-compiler'
import { catalogIndex, type CatalogEntry } from '../model/tracepoints'
import { Errno } from './errno'
import type { EngineHost } from './host'
import type { ParameterTable } from './parameters'
import type { TracepointBus } from './tracepoints'

/** For expressions outside of tracepoints. */
export const NO_ARGS = new Float64Array(0)

/** What expressions may name in a kernel; hosts answer by the entry's index. */
export interface Catalogs {
  readonly context: readonly CatalogEntry[]
  readonly task: readonly CatalogEntry[]
  readonly object: readonly CatalogEntry[]
}

/** The instance (task or object) that an expression is about; whoever runs one sets it before. */
export interface InstanceCell {
  key: number
}

/** Where the expressions of one monitor are compiled. */
export interface ExpressionPlace {
  readonly monitor: string
  readonly host: EngineHost
  readonly bus: TracepointBus
  readonly catalogs: Catalogs
  readonly parameters: ParameterTable
}

/**
 * The names that expressions of a monitor may use.
 * @param tracepoint its fields are names; undefined where there is none
 * @param options.cpuIsInstance `cpu` is the instance's number, not the current CPU
 * @returns a scope whose functions throw Errno EINVAL for what this kernel does not have
 */
export function expressionScope(
  place: ExpressionPlace,
  tracepoint: number | undefined,
  cell: InstanceCell,
  options: { readonly cpuIsInstance?: boolean } = {}
): ExpressionScope {
  const { monitor, host, bus, catalogs, parameters } = place
  const refuse = (what: string): Errno => new Errno('EINVAL', `monitor ${monitor}: ${what}`)
  const find = (catalog: readonly CatalogEntry[], name: string, what: string): number => {
    const index = catalogIndex(catalog, name)
    if (index < 0) throw refuse(`this kernel has no ${what} ${name}`)
    return index
  }
  return {
    field: (name) => {
      const index = tracepoint === undefined ? -1 : bus.fieldIndex(tracepoint, name)
      if (index < 0) throw refuse(`its tracepoint has no field ${name}`)
      return index
    },
    context: (name) => {
      const variable = find(catalogs.context, name, 'context variable')
      if (name === 'cpu' && options.cpuIsInstance === true) return () => cell.key
      return () => host.context(variable)
    },
    attribute: (name) => {
      const attribute = find(catalogs.task, name, 'task attribute')
      return (task) => host.taskAttribute(attribute, task)
    },
    objectAttribute: (name) => {
      const attribute = find(catalogs.object, name, 'object attribute')
      return () => host.objectAttribute(attribute, cell.key)
    },
    current: () => host.currentTask(),
    instance: () => cell.key,
    parameter: (name) => {
      const parameter = parameters.find(monitor, name)
      if (parameter === undefined) throw refuse(`its module has no parameter ${name}`)
      return () => parameter.number
    }
  }
}
