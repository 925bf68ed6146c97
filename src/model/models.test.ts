import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { INVALID } from './automaton'
import type { Automaton } from './automaton'
import { parseDot } from './dot'
import type { Expression } from './expression'
import type { Instrumentation, InstrumentationRule } from './instrumentation'
import { assembleModel } from './load'
import { printConstraint } from './labels'
import type { LtlModel } from './ltl'
import { startBuchi, stepBuchi } from './ltl/buchi'
import { eventLabel, printDot } from './print-dot'

const folder = new URL('../../models/', import.meta.url)
const files = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(new URL(name, folder), 'utf8')
}))
const assembled = assembleModel(files)

/** Transition rows as `state event -> state`, in the table's order. */
function rows(a: Automaton): string[] {
  return a.transitions.map(
    (t) => `${a.states[t.from] ?? '?'} ${eventLabel(a, t)} -> ${a.states[t.to] ?? '?'}`
  )
}

/** name, kind, states, events, transitions, final states: counted by hand from the kernel's models. */
const MODELS = [
  ['nomiss', 'ha', 5, 7, 29, 'ready'],
  ['nrp', 'da', 4, 4, 15, 'any_thread_running'],
  ['opid', 'ha', 1, 2, 2, 'any'],
  ['sco', 'da', 2, 3, 3, 'thread_context'],
  ['scpd', 'da', 2, 4, 4, 'cant_sched'],
  ['snep', 'da', 2, 4, 4, 'non_scheduling_context'],
  ['snroc', 'da', 2, 3, 3, 'other_context'],
  ['sssw', 'da', 4, 9, 24, 'runnable'],
  ['stall', 'ha', 3, 4, 7, 'dequeued'],
  ['sts', 'da', 7, 6, 15, 'can_sched'],
  ['wip', 'da', 2, 3, 3, 'preemptive'],
  ['wwnr', 'da', 2, 3, 3, 'not_running']
] as const

const FORMULAS = ['pagefault', 'sleep', 'wakeup']

describe("the kernel's models", () => {
  test('are all there, without a single finding', () => {
    expect(assembled.diagnostics).toEqual([])
    const names = [...assembled.drawings.keys()]
    expect(names.filter((name) => !FORMULAS.includes(name))).toEqual(MODELS.map(([name]) => name))
    expect(names.filter((name) => FORMULAS.includes(name))).toEqual(FORMULAS)
  })

  test.each(FORMULAS)('%s is a formula with its instrumentation beside it', (name) => {
    const found = assembled.drawings.get(name)
    expect(found?.automaton).toBeUndefined()
    expect(found?.source).toContain('RULE = always')
    expect(found?.instrumentationText).toContain(`monitor: ${name}`)
  })

  test.each(MODELS)('%s', (name, kind, states, events, transitions, final) => {
    const a = assembled.drawings.get(name)?.automaton
    expect(a).toMatchObject({ name, kind })
    expect([a?.states.length, a?.events.length, a?.transitions.length]).toEqual([
      states,
      events,
      transitions
    ])
    expect(a?.states.filter((_, i) => a.final[i])).toEqual([final])
    expect(a?.table.filter((to) => to !== INVALID)).toHaveLength(transitions)
  })

  test('survive being printed and read again', () => {
    for (const [name, { automaton }] of assembled.drawings) {
      if (automaton === undefined) continue
      expect(parseDot(printDot(automaton), `${name}.dot`)).toEqual({ automaton, diagnostics: [] })
    }
  })

  const automaton = (name: string): Automaton => {
    const found = assembled.drawings.get(name)?.automaton
    if (found === undefined) throw new Error(`no model ${name}`)
    return found
  }

  test('wip and wwnr, cell by cell', () => {
    expect(automaton('wip').states).toEqual(['preemptive', 'non_preemptive'])
    expect(automaton('wip').events).toEqual(['preempt_disable', 'preempt_enable', 'sched_waking'])
    expect([...automaton('wip').table]).toEqual([1, INVALID, INVALID, INVALID, 0, 1])
    expect(automaton('wwnr').states).toEqual(['not_running', 'running'])
    expect(automaton('wwnr').events).toEqual(['switch_in', 'switch_out', 'wakeup'])
    expect([...automaton('wwnr').table]).toEqual([1, INVALID, 0, INVALID, 0, INVALID])
  })

  test('sts, row by row', () => {
    expect(rows(automaton('sts'))).toEqual([
      'can_sched irq_disable -> cant_sched',
      'can_sched schedule_entry -> scheduling',
      'cant_sched irq_enable -> can_sched',
      'cant_sched irq_entry -> cant_sched',
      'disable_to_switch irq_enable -> enable_to_exit',
      'disable_to_switch irq_entry -> in_irq',
      'disable_to_switch sched_switch -> switching',
      'enable_to_exit irq_disable -> enable_to_exit',
      'enable_to_exit irq_enable -> enable_to_exit',
      'enable_to_exit irq_entry -> enable_to_exit',
      'enable_to_exit schedule_exit -> can_sched',
      'in_irq irq_enable -> scheduling',
      'in_irq irq_entry -> in_irq',
      'scheduling irq_disable -> disable_to_switch',
      'switching irq_enable -> enable_to_exit'
    ])
  })

  test('nrp starts in preempt_irq and is final elsewhere', () => {
    const nrp = automaton('nrp')
    expect(nrp.states).toEqual([
      'preempt_irq',
      'any_thread_running',
      'nested_preempt',
      'rescheduling'
    ])
    expect(nrp.final).toEqual([false, true, false, false])
    expect(rows(nrp)).not.toContain(
      'any_thread_running schedule_entry_preempt -> any_thread_running'
    )
    expect(rows(nrp)).toContain('nested_preempt sched_need_resched -> preempt_irq')
  })

  test('sssw sleeps only with a reason', () => {
    expect(rows(automaton('sssw')).filter((r) => r.endsWith('-> sleeping'))).toEqual([
      'runnable sched_switch_blocking -> sleeping',
      'sleepable sched_switch_blocking -> sleeping',
      'sleepable sched_switch_suspend -> sleeping'
    ])
  })

  test('snep keeps the spelling of its state', () => {
    expect(automaton('snep').states).toEqual(['non_scheduling_context', 'scheduling_contex'])
  })

  test('hybrid models keep guards, resets, invariants and environment variables', () => {
    const nomiss = automaton('nomiss')
    expect(nomiss.states).toEqual(['ready', 'idle', 'running', 'sleeping', 'throttled'])
    expect([nomiss.envs, nomiss.storedEnvs]).toEqual([['clk', 'is_constr_dl', 'is_defer'], 1])
    expect(nomiss.invariants.map((c) => c && printConstraint(c))).toEqual([
      'clk<DEADLINE_NS()',
      undefined,
      'clk<DEADLINE_NS()',
      undefined,
      undefined
    ])
    expect(rows(nomiss)).toContain(
      'sleeping dl_throttle;is_constr_dl==1 || is_defer==1 -> throttled'
    )
    expect([automaton('opid').envs, automaton('opid').storedEnvs]).toEqual([
      ['irq_off', 'preempt_off'],
      0
    ])
    expect(rows(automaton('opid'))).toEqual([
      'any sched_need_resched;irq_off==1 -> any',
      'any sched_waking;irq_off==1 && preempt_off==1 -> any'
    ])
    expect(rows(automaton('stall'))).toContain('dequeued sched_wakeup;reset(clk) -> enqueued')
    expect(automaton('stall').invariants.map((c) => c?.value)).toEqual([
      undefined,
      { kind: 'parameter', text: 'threshold_jiffies' },
      undefined
    ])
  })
})

test('the type of each is told beside its model', () => {
  const types = [...assembled.drawings].map(([name, { type }]) => `${name} ${type ?? '?'}`)
  expect(types).toEqual([
    'nomiss per_obj',
    'nrp per_task',
    'opid per_cpu',
    'pagefault per_task',
    'sco per_cpu',
    'scpd per_cpu',
    'sleep per_task',
    'snep per_cpu',
    'snroc per_task',
    'sssw per_task',
    'stall per_task',
    'sts per_cpu',
    'wakeup per_task',
    'wip per_cpu',
    'wwnr per_task'
  ])
})

/** name, class, instances, parent, description: section by section from the kernel's sources. */
const MONITORS = [
  ['wip', 'da', 'per_cpu', '', 'wakeup in preemptive per-cpu testing monitor.'],
  ['wwnr', 'da', 'per_task', '', 'wakeup while not running per-task testing model.'],
  ['sched', 'container', '', '', 'container for several scheduler monitor specifications.'],
  ['sco', 'da', 'per_cpu', 'sched', 'scheduling context operations.'],
  ['snroc', 'da', 'per_task', 'sched', 'set non runnable on its own context.'],
  ['scpd', 'da', 'per_cpu', 'sched', 'schedule called with preemption disabled.'],
  ['snep', 'da', 'per_cpu', 'sched', 'schedule does not enable preempt.'],
  [
    'rtapp',
    'container',
    '',
    '',
    'Collection of monitors for detecting problems with real-time applications'
  ],
  ['pagefault', 'ltl', 'per_task', 'rtapp', 'Monitor that RT tasks do not raise page faults'],
  ['sleep', 'ltl', 'per_task', 'rtapp', 'Monitor that RT tasks do not undesirably sleep'],
  ['sts', 'da', 'per_cpu', 'sched', 'schedule implies task switch.'],
  ['nrp', 'da', 'per_task', 'sched', 'need resched preempts.'],
  ['sssw', 'da', 'per_task', 'sched', 'set state sleep and wakeup.'],
  ['opid', 'ha', 'per_cpu', 'sched', 'operations with preemption and irq disabled.'],
  ['stall', 'ha', 'per_task', '', 'identify tasks stalled for longer than a threshold.'],
  ['deadline', 'container', '', '', 'container for several deadline scheduler specifications.'],
  ['nomiss', 'ha', 'per_obj', 'deadline', 'dl entities run to completion before their deadline.'],
  [
    'wakeup',
    'ltl',
    'per_task',
    'rtapp',
    'Monitor that real-time tasks are not woken by lower-priority tasks'
  ]
] as const

test('all 18 register in the order of the kernel', () => {
  const described = assembled.models.map((m) => {
    if (m.kind === 'container') return [m.name, m.kind, '', '', m.description]
    const { type, parent, description } = m.instrumentation
    const kind = m.kind === 'ltl' ? m.kind : m.automaton.kind
    return [m.name, kind, type, parent ?? '', description]
  })
  expect(described).toEqual(MONITORS)
})

function instrumentationOf(name: string): Instrumentation {
  const model = assembled.models.find((m) => m.name === name)
  if (model === undefined || model.kind === 'container') throw new Error(`no monitor ${name}`)
  return model.instrumentation
}

/** An expression with as few parentheses as can be misread. */
function show(e: Expression): string {
  switch (e.kind) {
    case 'number':
      return String(e.value)
    case 'field':
    case 'context':
    case 'parameter':
      return e.name
    case 'task':
      return `${e.of.kind === 'instance' ? 'task' : e.of.kind === 'current' ? 'current' : e.of.name}.${e.attribute}`
    case 'object':
      return `object.${e.attribute}`
    case 'unary':
      return `${e.op}${show(e.of)}`
    case 'binary':
      return `(${show(e.left)} ${e.op} ${show(e.right)})`
  }
}

/** `when ? event/call@instance : ...`, one line for each step. */
function rulesOf(name: string): string[] {
  return instrumentationOf(name).tracepoints.flatMap(({ tracepoint, steps }) =>
    steps.map((step) => `${tracepoint}: ${step.map(showRule).join(' : ')}`)
  )
}

function showRule(rule: InstrumentationRule): string {
  const { on, when } = rule
  const subject = on.kind === 'id' ? show(on.of) : on.kind === 'field' ? on.name : on.kind
  const call = CALLS[rule.call]
  const what =
    rule.kind === 'event'
      ? `${rule.event} ${call}`
      : rule.kind === 'atom'
        ? `${rule.atom}=${show(rule.value)} ${call}`
        : call
  return `${when === undefined ? '' : `${show(when)} ? `}${what} ${subject}`
}

/** The letters of the kernel's call names in the tables that these were copied from. */
const CALLS = {
  handle_event: 'H',
  handle_start_event: 'S',
  handle_start_run_event: 'SR',
  atom_set: 'set',
  atom_update: 'update',
  atom_pulse: 'pulse',
  create: 'create',
  destroy: 'destroy',
  reset: 'reset'
} as const

/** Device interrupts, and the local APIC's vectors of x86. */
const VECTORS = [
  'irq_handler_entry',
  'local_timer_entry',
  'irq_work_entry',
  'reschedule_entry',
  'call_function_entry',
  'call_function_single_entry'
]

// Task states: TASK_RUNNING 0, TASK_INTERRUPTIBLE 1, TASK_RTLOCK_WAIT 4096. SCHED_DEADLINE is 6.
describe('instrumented as in the kernel', () => {
  test.each<[string, string[]]>([
    [
      'wip',
      [
        'preempt_disable: preempt_disable H cpu',
        'preempt_enable: preempt_enable S cpu',
        'sched_waking: sched_waking H cpu'
      ]
    ],
    [
      'wwnr',
      [
        'sched_switch: (prev_state == 1) ? switch_out S prev : switch_out H prev',
        'sched_switch: switch_in H next',
        'sched_wakeup: wakeup H p'
      ]
    ],
    [
      'sco',
      [
        'sched_set_state_tp: sched_set_state S cpu',
        'sched_entry_tp: schedule_entry H cpu',
        'sched_exit_tp: schedule_exit S cpu'
      ]
    ],
    [
      'snroc',
      [
        'sched_set_state_tp: sched_set_state H tsk',
        'sched_switch: sched_switch_out S prev',
        'sched_switch: sched_switch_in H next'
      ]
    ],
    [
      'scpd',
      [
        'preempt_disable: preempt_disable H cpu',
        'preempt_enable: preempt_enable S cpu',
        'sched_entry_tp: schedule_entry H cpu',
        'sched_exit_tp: schedule_exit H cpu'
      ]
    ],
    [
      'snep',
      [
        'preempt_disable: preempt_disable S cpu',
        'preempt_enable: preempt_enable S cpu',
        'sched_entry_tp: schedule_entry H cpu',
        'sched_exit_tp: schedule_exit S cpu'
      ]
    ],
    [
      'sts',
      [
        'irq_disable: irq_disable H cpu',
        'irq_enable: irq_enable H cpu',
        ...VECTORS.map((vector) => `${vector}: irq_entry H cpu`),
        'sched_switch: sched_switch H cpu',
        'sched_entry_tp: schedule_entry H cpu',
        'sched_exit_tp: schedule_exit S cpu'
      ]
    ],
    [
      'nrp',
      [
        ...VECTORS.map((vector) => `${vector}: irq_entry H current`),
        'sched_set_need_resched_tp: (tif == 4) ? sched_need_resched S tsk',
        'sched_entry_tp: preempt ? schedule_entry_preempt H current : schedule_entry H current'
      ]
    ],
    [
      'sssw',
      [
        'sched_set_state_tp: (state == 0) ? sched_set_state_runnable S tsk : sched_set_state_sleepable H tsk',
        'sched_switch: preempt ? sched_switch_preempt H prev : (prev_state == 0) ? sched_switch_yield H prev : (prev_state == 4096) ? sched_switch_blocking H prev : sched_switch_suspend H prev',
        'sched_switch: sched_switch_in H next',
        'sched_wakeup: sched_wakeup S p',
        'signal_deliver: signal_deliver H current'
      ]
    ],
    [
      'opid',
      ['sched_set_need_resched_tp: sched_need_resched SR cpu', 'sched_waking: sched_waking SR cpu']
    ],
    [
      'stall',
      [
        'sched_switch: (!preempt && (prev_state != 0)) ? sched_switch_wait S prev : sched_switch_preempt H prev',
        'sched_switch: sched_switch_in H next',
        'sched_wakeup: sched_wakeup H p'
      ]
    ],
    [
      'pagefault',
      ['page_fault_kernel: PAGEFAULT=1 pulse current', 'page_fault_user: PAGEFAULT=1 pulse current']
    ]
  ])('%s', (name, expected) => {
    expect(rulesOf(name)).toEqual(expected)
  })

  test('opid and stall have their environment, parameter and timer', () => {
    expect(partsOf('opid')).toEqual({
      timer: 'none',
      environment: ['irq_off: irqs_disabled', 'preempt_off: preempt_off'],
      values: [],
      parameters: []
    })
    expect(partsOf('stall')).toEqual({
      timer: 'wheel',
      environment: [],
      values: [],
      parameters: ['threshold_jiffies 1000 jiffies']
    })
    expect(automatonOf('stall').envKinds).toEqual(['jiffies'])
    expect(automatonOf('opid').envKinds).toEqual([undefined, undefined])
  })

  test('nomiss', () => {
    const dl = '(((type == 1) || (type == 2)) || (type == 3)) ?'
    const call = '(((id == 144) || ((id == 314) && !(sched_flags & 8))) && (policy >= 0))'
    const own = '(policy & -1073741825)'
    expect(rulesOf('nomiss')).toEqual([
      `sched_dl_replenish_tp: ${dl} dl_replenish H dl_se`,
      `sched_dl_throttle_tp: ${dl} dl_throttle H dl_se`,
      `sched_dl_server_stop_tp: ${dl} dl_server_stop SR dl_se`,
      'sched_switch: (((prev.policy == 6) && (prev_state != 0)) && !preempt) ? sched_switch_suspend H prev.pid',
      'sched_switch: (next.policy == 6) ? sched_switch_in SR next.pid',
      'sched_switch: next.has_dl_server ? sched_switch_in S next.dl_server',
      'sched_switch: (next.idle && !next.has_dl_server) ? dl_server_idle H -cpu',
      'sched_switch: (next.idle && !next.has_dl_server) ? dl_server_idle H (-cpu - nr_cpus)',
      'sched_wakeup: (p.policy == 6) ? sched_wakeup H p.pid',
      `sys_enter: ((${call} && (${own} != 6)) && (target.policy == 6)) ? reset target.pid : ` +
        `(((${call} && (${own} == 6)) && (target.pid >= 0)) && (target.policy != 6)) ? create target.pid`,
      'task_newtask: (task.policy == 6) ? create task.pid',
      'sched_process_exit: (p.policy == 6) ? destroy p.pid'
    ])
    expect(partsOf('nomiss')).toEqual({
      timer: 'wheel',
      environment: [
        'is_constr_dl: (object.dl_deadline != object.dl_period)',
        'is_defer: object.dl_defer'
      ],
      values: ['DEADLINE_NS: (object.dl_deadline + deadline_thresh)'],
      parameters: ['deadline_thresh tick ns']
    })
    expect(automatonOf('nomiss').envKinds).toEqual(['ns', undefined, undefined])
    const seeds = instrumentationOf('nomiss').storage?.map(
      (s) => `${s.each} ${show(s.id)} ${s.when === undefined ? '' : show(s.when)}`
    )
    expect(seeds).toEqual(['cpu -cpu ', 'task task.pid (task.policy == 6)'])
  })

  // Calls of x86-64: futex 202, clock_nanosleep 230, epoll_wait 232. FUTEX_CMD_MASK is -385.
  const lockPi = '((id == 202) && (((arg1 & -385) == 6) || ((arg1 & -385) == 13)))'
  const contention = [
    'contention_begin: (flags & 8) ? BLOCK_ON_RT_MUTEX=1 update current',
    'contention_end: BLOCK_ON_RT_MUTEX=0 update current'
  ]

  test('wakeup', () => {
    expect(rulesOf('wakeup')).toEqual([
      'sched_waking: (in_task && (current.prio > p.prio)) ? WOKEN_BY_LOWER_PRIO=1 pulse p : in_serving_softirq ? WOKEN_BY_SOFTIRQ=1 pulse p',
      ...contention,
      `sys_enter: ${lockPi} ? FUTEX_LOCK_PI=1 update current`,
      'sys_exit: FUTEX_LOCK_PI=0 update current'
    ])
    expect(atomsOf('wakeup')).toEqual({
      fetch: ['RT: task.rt_or_dl'],
      init: ['USER_THREAD: !task.kthread', 'WOKEN_BY_LOWER_PRIO: 0', 'WOKEN_BY_SOFTIRQ: 0'],
      created: ['BLOCK_ON_RT_MUTEX: 0', 'FUTEX_LOCK_PI: 0']
    })
  })

  test('sleep', () => {
    const wait = [0, 9, 11].map((command) => `((arg1 & -385) == ${command})`)
    expect(rulesOf('sleep')).toEqual([
      'sched_waking: in_hardirq ? WOKEN_BY_HARDIRQ=1 pulse p : (in_task && (current.prio <= p.prio)) ? WOKEN_BY_EQUAL_OR_HIGHER_PRIO=1 pulse p : in_nmi ? WOKEN_BY_NMI=1 pulse p',
      'sched_exit_tp: SCHEDULE_IN=1 pulse current',
      'sched_set_state_tp: (state & 1) ? SLEEP=1 pulse tsk : (state == 0) ? ABORT_SLEEP=1 pulse tsk',
      ...contention,
      'sys_enter: (id == 230) ? NANOSLEEP_CLOCK_REALTIME=(arg0 == 0) set current',
      'sys_enter: (id == 230) ? NANOSLEEP_TIMER_ABSTIME=(arg1 == 1) set current',
      `sys_enter: (id == 230) ? CLOCK_NANOSLEEP=1 update current : ${lockPi} ? FUTEX_LOCK_PI=1 update current : ` +
        `((id == 202) && ((${wait.slice(0, 2).join(' || ')}) || ${wait[2] ?? ''})) ? FUTEX_WAIT=1 update current : ` +
        '(id == 232) ? EPOLL_WAIT=1 update current',
      ...[
        'FUTEX_LOCK_PI',
        'FUTEX_WAIT',
        'NANOSLEEP_CLOCK_REALTIME',
        'NANOSLEEP_TIMER_ABSTIME',
        'EPOLL_WAIT'
      ].map((atom) => `sys_exit: ${atom}=0 set current`),
      'sys_exit: CLOCK_NANOSLEEP=0 update current'
    ])
    expect(atomsOf('sleep')).toEqual({
      fetch: ['RT: task.rt_or_dl'],
      init: [
        'ABORT_SLEEP: 0',
        'SCHEDULE_IN: 0',
        'SLEEP: 0',
        'USER_THREAD: !task.kthread',
        'WOKEN_BY_EQUAL_OR_HIGHER_PRIO: 0',
        'WOKEN_BY_HARDIRQ: 0',
        'WOKEN_BY_NMI: 0'
      ],
      created: [
        'BLOCK_ON_RT_MUTEX: 0',
        'CLOCK_NANOSLEEP: 0',
        'EPOLL_WAIT: 0',
        'FUTEX_LOCK_PI: 0',
        'FUTEX_WAIT: 0',
        'NANOSLEEP_CLOCK_REALTIME: 0',
        'NANOSLEEP_TIMER_ABSTIME: 0'
      ]
    })
  })

  test('pagefault knows of new tasks that they had no fault', () => {
    expect(atomsOf('pagefault')).toEqual({
      fetch: ['RT: task.rt_or_dl'],
      init: [],
      created: ['PAGEFAULT: 0']
    })
  })
})

function automatonOf(name: string): Automaton {
  const model = assembled.models.find((m) => m.name === name)
  if (model?.kind !== 'automaton') throw new Error(`no automaton ${name}`)
  return model.automaton
}

const list = (map: ReadonlyMap<string, Expression> | undefined): string[] =>
  [...(map ?? [])].map(([name, e]) => `${name}: ${show(e)}`).sort()

function partsOf(name: string): unknown {
  const { hybrid, parameters } = instrumentationOf(name)
  return {
    timer: hybrid?.timer,
    environment: list(hybrid?.environment),
    values: list(hybrid?.values),
    parameters: parameters.map((p) => `${p.name} ${p.default} ${p.unit ?? ''}`)
  }
}

function atomsOf(name: string): unknown {
  const { ltl } = instrumentationOf(name)
  return { fetch: list(ltl?.fetch), init: list(ltl?.init), created: list(ltl?.created) }
}

describe('the formulas', () => {
  const formula = (name: string): LtlModel => {
    const model = assembled.models.find((m) => m.name === name)
    if (model?.kind !== 'ltl') throw new Error(`no formula ${name}`)
    return model.ltl
  }

  test("have the kernel's atoms, abbreviated as in its trace lines", () => {
    expect(formula('pagefault').abbreviations).toEqual(['pa', 'rt'])
    expect(formula('wakeup').abbreviations).toEqual(
      'bl_on_rt_mu fu_lo_pi rt us_th wo_lo_pr wo_so'.split(' ')
    )
    expect(formula('sleep').abbreviations).toEqual(
      'ab_sl bl_on_rt_mu cl_na ep_wa fu_lo_pi fu_wa na_cl_re na_ti_ab rt sch_in sle us_th wo_eq_hi_pr wo_ha wo_nm'.split(
        ' '
      )
    )
  })

  test('become automata of as many states', () => {
    const states = ['pagefault', 'wakeup', 'sleep'].map((name) => formula(name).buchi.states)
    expect(states).toEqual([1, 1, 8])
  })

  /** The set of the atoms that are true. */
  const having = ({ atoms }: LtlModel, ...names: string[]): number =>
    names.reduce((set, name) => set | (1 << atoms.indexOf(name)), 0)
  const violates = (model: LtlModel, ...steps: string[][]): boolean => {
    let states = startBuchi(model.buchi, having(model, ...(steps[0] ?? [])))
    for (const step of steps.slice(1))
      states = stepBuchi(model.buchi, states, having(model, ...step))
    return states === 0
  }

  test('pagefault', () => {
    const model = formula('pagefault')
    expect(violates(model, ['RT'], ['PAGEFAULT'], ['RT'])).toBe(false)
    expect(violates(model, ['RT'], ['RT', 'PAGEFAULT'])).toBe(true)
  })

  test('wakeup', () => {
    const model = formula('wakeup')
    const rt = ['RT', 'USER_THREAD']
    for (const waker of ['WOKEN_BY_LOWER_PRIO', 'WOKEN_BY_SOFTIRQ']) {
      expect(violates(model, rt, [...rt, waker])).toBe(true)
      expect(violates(model, rt, ['RT', waker])).toBe(false)
      expect(violates(model, rt, ['USER_THREAD', waker])).toBe(false)
      for (const lock of ['BLOCK_ON_RT_MUTEX', 'FUTEX_LOCK_PI']) {
        expect(violates(model, rt, [...rt, waker, lock])).toBe(false)
      }
    }
  })

  test('sleep', () => {
    const model = formula('sleep')
    const rt = ['RT', 'USER_THREAD']
    const sleep = [...rt, 'SLEEP']
    const absolute = ['CLOCK_NANOSLEEP', 'NANOSLEEP_TIMER_ABSTIME']
    // Without a reason.
    expect(violates(model, rt, sleep)).toBe(true)
    expect(violates(model, rt, [...sleep, 'CLOCK_NANOSLEEP'])).toBe(true)
    expect(violates(model, rt, [...sleep, ...absolute, 'NANOSLEEP_CLOCK_REALTIME'])).toBe(true)
    // Not in real time, or no user thread, or where a lock makes it wait.
    expect(violates(model, rt, ['RT', 'SLEEP'])).toBe(false)
    expect(violates(model, rt, ['USER_THREAD', 'SLEEP'])).toBe(false)
    for (const lock of ['BLOCK_ON_RT_MUTEX', 'FUTEX_LOCK_PI']) {
      expect(violates(model, rt, [...sleep, lock], [...rt, 'SCHEDULE_IN'])).toBe(false)
    }
    for (const reason of [['FUTEX_WAIT'], ['EPOLL_WAIT'], absolute]) {
      expect(violates(model, rt, [...sleep, ...reason], rt, rt)).toBe(false)
      // It runs again, and nobody who may has woken it.
      expect(violates(model, rt, [...sleep, ...reason], rt, [...rt, 'SCHEDULE_IN'])).toBe(true)
      for (const wake of [
        'WOKEN_BY_EQUAL_OR_HIGHER_PRIO',
        'WOKEN_BY_HARDIRQ',
        'WOKEN_BY_NMI',
        'ABORT_SLEEP'
      ]) {
        expect(
          violates(model, rt, [...sleep, ...reason], [...rt, wake], [...rt, 'SCHEDULE_IN'])
        ).toBe(false)
      }
    }
  })
})
