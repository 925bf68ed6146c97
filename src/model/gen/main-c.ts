import type { Automaton } from '../automaton'
import type { MonitorType } from '../instrumentation'
import type { LtlModel } from '../ltl'
import type { MonitorHandlers, MonitorProbe } from './handlers'
import { hasInvariants, hybridFunctions } from './hybrid'
import { call, literal } from './layout'
import { startCalls } from './start-events'

/** What NAME.c says of a monitor besides its model. */
export interface MonitorHead {
  readonly name: string
  readonly description: string
  readonly parent: string | undefined
  readonly type: MonitorType
}

/** Event of the handler that removes an object's instance; a model's event may not be called so. */
export const CLEANUP = 'obj_cleanup'

const UNKNOWN_TRACEPOINT = '/* XXX: tracepoint */'
const ARGUMENTS = '(void *data, /* XXX: arguments of the tracepoint */)'

/**
 * NAME.c of a deterministic or hybrid automaton's monitor.
 *
 * @param handlers undefined: a skeleton, whose author fills what is marked with XXX
 */
export function automatonMain(
  automaton: Automaton,
  head: MonitorHead,
  handlers: MonitorHandlers | undefined
): string {
  const { name, type } = head
  const { kind } = automaton
  let before = handlers?.before ?? ''
  if (handlers === undefined) {
    if (kind === 'ha' && hasInvariants(automaton)) {
      before =
        '/* XXX: one timer for each instance; with many of them HA_TIMER_WHEEL costs less */\n#define HA_TIMER_TYPE HA_TIMER_HRTIMER\n'
    }
    if (type === 'per_obj') before += 'typedef /* XXX: type of the object */ *monitor_target;\n'
  }
  const environment = handlers?.environment ?? new Map<string, string>()
  const hybrid =
    kind === 'ha'
      ? `${hybridFunctions(automaton, name, environment)}\n`
      : definitionsOf(environment)
  const functions = handlers?.functions ?? automatonSkeleton(automaton, head)
  return `${includes(head, handlers)}
/* Of the model, as the header beside this file has it. */
#define RV_MON_TYPE RV_MON_${type.toUpperCase()}
${ended(before)}#include "${name}.h"
#include <rv/${kind}_monitor.h>

${hybrid}/* Instrumentation: what happens in the kernel, as events of the model. */
${ended(functions)}
${enabling(head, `${kind}_monitor`, probesOf(handlers, automaton, type), handlers, '\trv_this.enabled = 0;\n\n')}
${registration(head, '\t.reset = da_monitor_reset_all,\n\t.enabled = 0,\n')}`
}

/** NAME.c of an LTL monitor; see automatonMain. */
export function ltlMain(
  model: LtlModel,
  head: MonitorHead,
  handlers: MonitorHandlers | undefined
): string {
  const { name } = head
  const example = model.atoms[0] ?? ''
  const fetch =
    handlers === undefined
      ? '\t/*\n\t * XXX: what is read at each evaluation, since no tracepoint tells; where one does,\n\t * a handler with ltl_atom_update() knows at once.\n\t */'
      : (handlers.fetch ?? '')
  const init =
    handlers === undefined
      ? `\t/*\n\t * XXX: as many atoms as can be known of a task that exists already, or, where\n\t * task_creation is true, of a new one.\n\t */\n${model.atoms.map((atom) => `\tltl_atom_set(mon, LTL_${atom}, true/false);`).join('\n')}`
      : (handlers.init ?? '')
  const functions =
    handlers?.functions ??
    `static void handle_example_event${ARGUMENTS}\n{\n\tltl_atom_update(task, LTL_${example}, true/false);\n}`
  const probes = handlers?.probes ?? [
    { tracepoint: UNKNOWN_TRACEPOINT, handler: 'handle_example_event' }
  ]
  return `${includes(head, handlers)}
/* Of the model, as the header beside this file has it. */
${ended(handlers?.before ?? '')}#include "${name}.h"
#include <rv/ltl_monitor.h>

${definitionsOf(handlers?.environment ?? new Map<string, string>())}static void ltl_atoms_fetch(struct task_struct *task, struct ltl_monitor *mon)
{
${ended(fetch)}}

static void ltl_atoms_init(struct task_struct *task, struct ltl_monitor *mon, bool task_creation)
{
${ended(init)}}

/* Instrumentation: what happens in the kernel, as values of the atoms. */
${ended(functions)}
${enabling(head, 'ltl_monitor', probes, handlers, '')}
${registration(head, '')}`
}

/** NAME.c of a container. */
export function containerMain(name: string, description: string): string {
  return `// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/init.h>
#include <linux/rv.h>

#define MODULE_NAME "${name}"

#include "${name}.h"

struct rv_monitor rv_${name} = {
	.name = "${name}",
	.description = ${literal(description)},
	.enable = NULL,
	.disable = NULL,
	.reset = NULL,
	.enabled = 0,
};

static int __init register_${name}(void)
{
	return rv_register_monitor(&rv_${name}, NULL);
}

static void __exit unregister_${name}(void)
{
	rv_unregister_monitor(&rv_${name});
}

${moduleEnd(name, description)}`
}

/** Parameters and the like, each with an empty line behind it. */
const definitionsOf = (environment: ReadonlyMap<string, string>): string =>
  [...environment.values()].map((text) => `${ended(text)}\n`).join('')

const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

function includes({ name, parent }: MonitorHead, handlers: MonitorHandlers | undefined): string {
  const tracepoints =
    handlers === undefined
      ? '/* XXX: the headers of the tracepoints, such as <trace/events/sched.h> */\n'
      : handlers.includes.map((header) => `#include ${header}\n`).join('')
  return `// SPDX-License-Identifier: GPL-2.0
#include <linux/ftrace.h>
#include <linux/tracepoint.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/init.h>
#include <linux/rv.h>
#include <rv/instrumentation.h>

#define MODULE_NAME "${name}"

${tracepoints}#include <rv_trace.h>
${parent === undefined ? '' : `#include <monitors/${parent}/${parent}.h>\n`}`
}

/** Handlers of the model's events, whose tracepoints and instances only the author knows. */
function automatonSkeleton(automaton: Automaton, { name, type }: MonitorHead): string {
  const calls = startCalls(automaton)
  const handlers = automaton.events.map((event, i) => {
    const how = calls[i] ?? 'handle_event'
    let text = `static void handle_${event}${ARGUMENTS}\n{\n`
    if (how === 'handle_start_event') {
      text +=
        '\t/* XXX: does this event always lead to the initial state? Monitoring begins here. */\n'
    } else if (how === 'handle_start_run_event') {
      text +=
        '\t/* XXX: does this event come in the initial state alone? Monitoring begins here. */\n'
    }
    switch (type) {
      case 'per_task':
        text += '\tstruct task_struct *p = /* XXX: the task */;\n\n'
        text += call(`\tda_${how}`, ['p', `${event}_${name}`], ';')
        break
      case 'per_obj':
        text += '\tint id = /* XXX: number of the object */;\n'
        text += '\tmonitor_target t = /* XXX: the object */;\n\n'
        text += call(`\tda_${how}`, ['id', 't', `${event}_${name}`], ';')
        break
      default:
        text += call(`\tda_${how}`, [`${event}_${name}`], ';')
    }
    return `${text}\n}\n`
  })
  if (type === 'per_obj') {
    handlers.push(
      `/* XXX: where the object is freed; objects that stay need no such handler */\nstatic void handle_${CLEANUP}${ARGUMENTS}\n{\n\tint id = /* XXX: number of the object */;\n\n\tda_destroy_storage(id);\n}\n`
    )
  }
  return handlers.join('\n')
}

function probesOf(
  handlers: MonitorHandlers | undefined,
  { events }: Automaton,
  type: MonitorType
): readonly MonitorProbe[] {
  if (handlers !== undefined) return handlers.probes
  const named = type === 'per_obj' ? [...events, CLEANUP] : events
  return named.map((event) => ({ tracepoint: UNKNOWN_TRACEPOINT, handler: `handle_${event}` }))
}

function enabling(
  { name }: MonitorHead,
  monitor: string,
  probes: readonly MonitorProbe[],
  handlers: MonitorHandlers | undefined,
  disabled: string
): string {
  const all = (verb: 'attach' | 'detach'): string =>
    probes
      .map(({ tracepoint, handler }) =>
        call(`\trv_${verb}_trace_probe`, [`"${name}"`, tracepoint, handler], ';\n')
      )
      .join('')
  const enable = handlers?.enable ?? ''
  const disable = handlers?.disable ?? ''
  return `static int enable_${name}(void)
{
	int retval;

	retval = ${monitor}_init();
	if (retval)
		return retval;

${enable === '' ? '' : `${ended(enable)}\n`}${all('attach')}
	return 0;
}

static void disable_${name}(void)
{
${disabled}${all('detach')}
${ended(disable)}	${monitor}_destroy();
}
`
}

function registration({ name, description, parent }: MonitorHead, fields: string): string {
  return `static struct rv_monitor rv_this = {
	.name = "${name}",
	.description = ${literal(description)},
	.enable = enable_${name},
	.disable = disable_${name},
${fields}};

static int __init register_${name}(void)
{
	return rv_register_monitor(&rv_this, ${parent === undefined ? 'NULL' : `&rv_${parent}`});
}

static void __exit unregister_${name}(void)
{
	rv_unregister_monitor(&rv_this);
}

${moduleEnd(name, description)}`
}

function moduleEnd(name: string, description: string): string {
  return `module_init(register_${name});
module_exit(unregister_${name});

MODULE_LICENSE("GPL");
MODULE_AUTHOR("rvpanel: auto-generated");
MODULE_DESCRIPTION(${literal(`${name}: ${description}`)});
`
}
