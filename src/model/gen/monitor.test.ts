import { describe, expect, it } from 'vitest'
import { parseDot } from '../dot'
import type { MonitorType } from '../instrumentation'
import type { MonitorSpec } from '../instrumentation-yaml'
import { parseLtl } from '../ltl/parse'
import type { MonitorHandlers } from './handlers'
import { generateContainer, generateMonitor } from './monitor'
import type { MonitorHead } from './monitor'

const HEAD: MonitorHead = {
  name: 'mon',
  description: 'checks a thing',
  parent: undefined,
  type: 'per_cpu'
}

/** States a (initial) and b; `edges` are `from to label`. */
function dot(...edges: string[]): MonitorSpec {
  const text = edges.map((edge) => {
    const [from = '', to = '', label = ''] = edge.split(' ')
    return `"${from}" -> "${to}" [label = "${label}"];`
  })
  const { automaton, diagnostics } = parseDot(
    `digraph m { "__init_a" [label = ""]; "a" [label = "a"]; "b" [label = "b"]; ${text.join(' ')} }`,
    'mon.dot'
  )
  if (automaton === undefined) throw new Error(JSON.stringify(diagnostics))
  return { kind: 'automaton', automaton }
}

function ltl(text: string): MonitorSpec {
  const { model } = parseLtl(text, 'mon.ltl')
  if (model === undefined) throw new Error('broken formula')
  return { kind: 'ltl', ltl: model }
}

const DA = dot('a b go', 'b a back')
const HA = dot('a b go;reset(clk)', 'b a back;clk<5us')
const LTL = ltl('RULE = always (RT imply not PAGEFAULT)\n')

/** The files by their names, NAME as `mon`. */
function files(
  spec: MonitorSpec,
  head: Partial<MonitorHead> = {},
  handlers?: MonitorHandlers
): Record<string, string> {
  const { files: made } = generateMonitor(spec, { ...HEAD, ...head }, handlers)
  return Object.fromEntries(made.map(({ path, text }) => [path, text]))
}

/** Of a skeleton, which of the calls an event's handler makes. */
const callOf = (main: string | undefined, event: string): string | undefined =>
  new RegExp(`static void handle_${event}[^]*?\\tda_(\\w+)\\(([^)]*)`)
    .exec(main ?? '')
    ?.slice(1)
    .join(' ')

describe('generateMonitor', () => {
  it('has the files that rvgen has', () => {
    for (const spec of [DA, HA, LTL]) {
      const names = Object.keys(files(spec, { type: 'per_task' }))
      expect(names).toEqual(['mon.c', 'mon.h', 'mon_trace.h', 'Kconfig'])
    }
  })

  it.each<[MonitorType, string]>([
    ['global', 'handle_start_event back_mon'],
    ['per_cpu', 'handle_start_event back_mon'],
    ['per_task', 'handle_start_event p, back_mon'],
    ['per_obj', 'handle_start_event id, t, back_mon']
  ])('calls the handlers of type %s', (type, call) => {
    const main = files(DA, { type })['mon.c']
    expect(main).toContain(`#define RV_MON_TYPE RV_MON_${type.toUpperCase()}\n`)
    expect(callOf(main, 'back')).toBe(call)
    expect(main?.includes('handle_obj_cleanup')).toBe(type === 'per_obj')
    expect(main?.includes('*monitor_target;')).toBe(type === 'per_obj')
  })

  it('starts with events that lead to the initial state wherever they are accepted', () => {
    const main = files(dot('a a again', 'b a again', 'a b go', 'b b go'))['mon.c']
    expect(callOf(main, 'again')).toBe('handle_start_event again_mon')
    expect(callOf(main, 'go')).toBe('handle_event go_mon')
  })

  it('else starts and runs with events of the initial state alone', () => {
    const main = files(dot('a b go', 'a a home', 'b b stay\\nhome'))['mon.c']
    expect(callOf(main, 'go')).toBe('handle_start_run_event go_mon')
    expect(callOf(main, 'stay')).toBe('handle_event stay_mon')
    expect(callOf(main, 'home')).toBe('handle_event home_mon')
  })

  it.each<[MonitorSpec, MonitorType, string, string]>([
    [DA, 'global', 'DA_MON_EVENTS_IMPLICIT', 'event_da_monitor, event_mon'],
    [DA, 'per_obj', 'DA_MON_EVENTS_ID', 'event_da_monitor_id, event_mon'],
    [HA, 'per_cpu', 'HA_MON_EVENTS_IMPLICIT', 'error_env_da_monitor, error_env_mon'],
    [HA, 'per_task', 'HA_MON_EVENTS_ID', 'error_env_da_monitor_id, error_env_mon'],
    [LTL, 'per_task', 'LTL_MON_EVENTS_ID', 'event_ltl_monitor_id, event_mon']
  ])('selects and defines the trace events', (spec, type, symbol, event) => {
    const made = files(spec, { type })
    expect(made.Kconfig).toContain(`\tselect ${symbol}\n`)
    expect(made['mon_trace.h']).toContain(`DEFINE_EVENT(${event},\n`)
    expect(made['mon_trace.h']).toContain('#ifdef CONFIG_RV_MON_MON\n')
  })

  it('gives the fields of a trace event in the order of its class', () => {
    expect(files(HA, { type: 'per_obj' })['mon_trace.h']).toContain(
      'TP_PROTO(int id, char *state, char *event, char *env),\n\t     TP_ARGS(id, state, event, env)'
    )
  })

  it('has a task room for an LTL monitor', () => {
    expect(files(LTL, { type: 'per_task' }).Kconfig).toContain('\tselect RV_LTL_MONITOR\n')
  })

  it('is nested in its parent', () => {
    const made = files(DA, { parent: 'box' })
    expect(made['mon.c']).toContain('#include <monitors/box/box.h>\n')
    expect(made['mon.c']).toContain('rv_register_monitor(&rv_this, &rv_box);')
    expect(made.Kconfig).toContain('\tdepends on RV_MON_BOX\n\tdefault y\n')
    expect(files(DA)['mon.c']).toContain('rv_register_monitor(&rv_this, NULL);')
  })

  it('takes the handlers for all that a skeleton marks', () => {
    const handlers: MonitorHandlers = {
      includes: ['<trace/events/sched.h>'],
      before: '#define HA_TIMER_TYPE HA_TIMER_WHEEL',
      environment: new Map([['limit', 'static u64 limit = 5;']]),
      functions: 'static void handle_go(void *data)\n{\n}',
      probes: [{ tracepoint: 'sched_waking', handler: 'handle_go' }],
      enable: '\tprepare();',
      disable: '\tunprepare();',
      fetch: '\tfetch();',
      init: '\tinit();',
      kconfig: ['depends on HAVE_SYSCALL_TRACEPOINTS']
    }
    for (const spec of [DA, HA, LTL]) {
      const made = files(spec, { type: 'per_task' }, handlers)
      const main = made['mon.c'] ?? ''
      expect(Object.values(made).join('')).not.toContain('XXX')
      expect(main).toMatch(/#include <trace\/events\/sched\.h>\n#include <rv_trace\.h>\n/)
      expect(main).toMatch(/HA_TIMER_WHEEL\n#include "mon\.h"\n/)
      expect(main).toContain('\nstatic u64 limit = 5;\n')
      expect(main).toMatch(
        /\tprepare\(\);\n\n\trv_attach_trace_probe\("mon", sched_waking, handle_go\);\n/
      )
      expect(main).toMatch(
        /\trv_detach_trace_probe\("mon", sched_waking, handle_go\);\n\n\tunprepare\(\);\n/
      )
      expect(made.Kconfig).toContain('\tdepends on HAVE_SYSCALL_TRACEPOINTS\n')
    }
  })

  it('writes a description as C reads it', () => {
    const main = files(DA, { description: 'says "no" \\ yes' })['mon.c']
    expect(main).toContain('.description = "says \\"no\\" \\\\ yes",')
  })

  it('warns of more clocks than an instance stores', () => {
    const spec = dot('a b go;reset(x)', 'b a back;reset(y)')
    expect(generateMonitor(spec, HEAD).warnings[0]).toContain('has 2 (x, y): MAX_HA_ENV_LEN')
    expect(generateMonitor(HA, HEAD).warnings).toEqual([])
  })

  it.each<[Partial<MonitorHead>, string]>([
    [{ name: '../x' }, 'The name `../x` is not one the kernel can use'],
    [{ name: 'a;rm -rf' }, 'is not one the kernel can use'],
    [{ name: '' }, 'is not one the kernel can use'],
    [{ name: 'x'.repeat(32) }, 'has 32 characters; expected at most 31'],
    [{ name: '1st' }, 'begins with a digit'],
    [{ name: 'while' }, 'is a word of C'],
    [{ name: '__init' }, 'begins with two underscores'],
    [{ name: 'current' }, 'is a macro where the kernel builds its monitors'],
    [{ parent: '..' }, 'The parent: The name `..`'],
    [{ parent: 'mon' }, 'cannot be its own parent'],
    [{ description: 'a\nb' }, 'The description is one line'],
    [{ description: ' ' }, 'The description is one line']
  ])('refuses %j', (head, message) => {
    expect(() => generateMonitor(DA, { ...HEAD, ...head })).toThrow(message)
  })

  it('refuses LTL of another type than the kernel has', () => {
    expect(() => generateMonitor(LTL, HEAD)).toThrow('LTL monitors of type per_task alone')
  })

  it('refuses an event with the name of the handler that removes an instance', () => {
    const spec = dot('a b obj_cleanup')
    expect(() => generateMonitor(spec, { ...HEAD, type: 'per_obj' })).toThrow('obj_cleanup')
    expect(() => generateMonitor(spec, HEAD)).not.toThrow()
  })
})

describe('generateContainer', () => {
  it('has no model and no events', () => {
    const made = generateContainer('box', 'several things')
    expect(made.files.map(({ path }) => path)).toEqual(['box.c', 'box.h', 'Kconfig'])
    expect(made.files[0]?.text).toContain('rv_register_monitor(&rv_box, NULL);')
    expect(made.files[1]?.text).toContain('extern struct rv_monitor rv_box;')
    expect(made.files[2]?.text).toContain('config RV_MON_BOX\n\tdepends on RV\n\tbool')
  })

  it('refuses what is no name', () => {
    expect(() => generateContainer('a b', 'x')).toThrow('is not one the kernel can use')
  })
})
