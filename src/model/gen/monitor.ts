import type { Automaton } from '../automaton'
import type { MonitorType } from '../instrumentation'
import type { MonitorSpec } from '../instrumentation-yaml'
import { automatonHeader, indexType } from './dot2c'
import { GenerateError } from './files'
import type { Generated } from './files'
import type { MonitorHandlers } from './handlers'
import { kconfig } from './kconfig'
import { ltlHeader } from './ltl-header'
import { CLEANUP, automatonMain, containerMain, ltlMain } from './main-c'
import type { MonitorHead } from './main-c'
import { expectDescription, expectName } from './names'
import { eventsSymbol, traceHeader } from './trace-header'
import type { MonitorClass } from './trace-header'

export type { MonitorHead } from './main-c'

/** Environment variables that an instance stores (MAX_HA_ENV_LEN, include/linux/rv.h). */
const MAX_STORED_ENVS = 1

/** The class of a model, as option `-c` of rvgen names it. */
export function monitorClass(spec: MonitorSpec): MonitorClass {
  return spec.kind === 'ltl' ? 'ltl' : spec.automaton.kind
}

/**
 * The files of a monitor: NAME.c, NAME.h, NAME_trace.h and Kconfig.
 *
 * @param handlers what the instrumentation beside the model makes; undefined: NAME.c is a skeleton
 * @throws GenerateError
 */
export function generateMonitor(
  spec: MonitorSpec,
  head: MonitorHead,
  handlers?: MonitorHandlers
): Generated {
  const { name, parent, description, type } = head
  expectName(name)
  if (parent !== undefined) expectName(parent, 'The parent: ')
  if (parent === name) throw new GenerateError(`The monitor ${name} cannot be its own parent.`)
  expectDescription(description)
  const kind = monitorClass(spec)
  const warnings: string[] = []
  let header: string
  let main: string
  if (spec.kind === 'ltl') {
    if (type !== 'per_task') {
      throw new GenerateError(`The kernel has LTL monitors of type per_task alone; got ${type}.`)
    }
    header = ltlHeader(spec.ltl, name)
    main = ltlMain(spec.ltl, head, handlers)
  } else {
    const { automaton } = spec
    expectModel(automaton, type, handlers)
    if (automaton.storedEnvs > MAX_STORED_ENVS) {
      warnings.push(
        `An instance stores ${MAX_STORED_ENVS} environment variable that is reset, and this model has ${automaton.storedEnvs} (${automaton.envs.slice(0, automaton.storedEnvs).join(', ')}): MAX_HA_ENV_LEN in include/linux/rv.h has to grow, else the kernel does not compile.`
      )
    }
    header = automatonHeader(automaton, name)
    main = automatonMain(automaton, head, handlers)
  }
  const entry = kconfig({ name, description, lines: kconfigLines(kind, head, handlers) })
  return {
    name,
    files: [
      { path: `${name}.c`, text: main },
      { path: `${name}.h`, text: header },
      { path: `${name}_trace.h`, text: traceHeader(name, kind, type) },
      { path: 'Kconfig', text: entry }
    ],
    warnings
  }
}

/**
 * The files of a container: NAME.c, NAME.h and Kconfig.
 *
 * @throws GenerateError
 */
export function generateContainer(name: string, description: string): Generated {
  expectName(name)
  expectDescription(description)
  return {
    name,
    files: [
      { path: `${name}.c`, text: containerMain(name, description) },
      {
        path: `${name}.h`,
        text: `/* SPDX-License-Identifier: GPL-2.0 */\n\nextern struct rv_monitor rv_${name};\n`
      },
      { path: 'Kconfig', text: kconfig({ name, description, lines: [] }) }
    ],
    warnings: []
  }
}

function expectModel(
  automaton: Automaton,
  type: MonitorType,
  handlers: MonitorHandlers | undefined
): void {
  // Throws for more than a kernel's header can count.
  indexType(automaton.states.length)
  if (handlers === undefined && type === 'per_obj' && automaton.events.includes(CLEANUP)) {
    throw new GenerateError(
      `The event ${CLEANUP} has the name of the handler that removes an object's instance; expected another name.`
    )
  }
}

function kconfigLines(
  kind: MonitorClass,
  { parent, type }: MonitorHead,
  handlers: MonitorHandlers | undefined
): string[] {
  return [
    ...(handlers === undefined ? ['# XXX: what the tracepoints depend on'] : handlers.kconfig),
    ...(parent === undefined ? [] : [`depends on RV_MON_${parent.toUpperCase()}`, 'default y']),
    // Without it a task has no room for the monitor's state; rvgen leaves it to the author.
    ...(kind === 'ltl' ? ['select RV_LTL_MONITOR'] : []),
    `select ${eventsSymbol(kind, type)}`
  ]
}
