import type { MonitorType } from '../instrumentation'

/** Classes of monitors: deterministic automaton, hybrid automaton, linear temporal logic. */
export type MonitorClass = 'da' | 'ha' | 'ltl'

/** Whether an event of the monitor says of which instance it is. */
const hasId = (type: MonitorType): boolean => type === 'per_task' || type === 'per_obj'

/**
 * The Kconfig symbol under which kernel/trace/rv/rv_trace.h defines the monitor's classes of trace
 * events, such as `DA_MON_EVENTS_ID`.
 */
export function eventsSymbol(monitorClass: MonitorClass, type: MonitorType): string {
  return `${monitorClass.toUpperCase()}_MON_EVENTS_${hasId(type) ? 'ID' : 'IMPLICIT'}`
}

/** NAME_trace.h: the monitor's trace events, for inclusion in kernel/trace/rv/rv_trace.h. */
export function traceHeader(name: string, monitorClass: MonitorClass, type: MonitorType): string {
  const events =
    monitorClass === 'ltl' ? ltlEvents(name) : automatonEvents(name, monitorClass === 'ha', type)
  const symbol = `CONFIG_RV_MON_${name.toUpperCase()}`
  return `/* SPDX-License-Identifier: GPL-2.0 */

/* Trace events of the monitor ${name}; rv_trace.h includes this file. */

#ifdef ${symbol}
${events}#endif /* ${symbol} */
`
}

function ltlEvents(name: string): string {
  return `DEFINE_EVENT(event_ltl_monitor_id, event_${name},
	     TP_PROTO(struct task_struct *task, char *states, char *atoms, char *next),
	     TP_ARGS(task, states, atoms, next));

DEFINE_EVENT(error_ltl_monitor_id, error_${name},
	     TP_PROTO(struct task_struct *task),
	     TP_ARGS(task));
`
}

/** The classes are those of deterministic automata; a hybrid one has a third event. */
function automatonEvents(name: string, isHybrid: boolean, type: MonitorType): string {
  const suffix = hasId(type) ? '_id' : ''
  const event = (kind: string, fields: readonly string[]): string => {
    const all = hasId(type) ? ['int id', ...fields] : fields
    return `DEFINE_EVENT(${kind}_da_monitor${suffix}, ${kind}_${name},
	     TP_PROTO(${all.join(', ')}),
	     TP_ARGS(${all.map((field) => /\w+$/.exec(field)?.[0] ?? '').join(', ')}));
`
  }
  return [
    event('event', ['char *state', 'char *event', 'char *next_state', 'bool final_state']),
    event('error', ['char *state', 'char *event']),
    ...(isHybrid ? [event('error_env', ['char *state', 'char *event', 'char *env'])] : [])
  ].join('\n')
}
