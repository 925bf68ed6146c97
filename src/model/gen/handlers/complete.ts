import type { Diagnostic } from '../../diagnostics'
import { Findings, quoted } from '../../findings'
import type { Instrumentation, TracepointRules } from '../../instrumentation'
import type { MonitorSpec } from '../../instrumentation-yaml/spec'
import { findTracepoint } from '../../tracepoints'
import type { MonitorHandlers } from '../handlers'
import { boolToC, expressionToC } from './expression'
import { guardedParts, unique } from './guarded'
import type { Handler } from './guarded'
import { helperTexts, missingSyscalls } from './helpers'
import { environmentOf, parameterText } from './hybrid'
import { parameterValue, PROBES } from './probes'
import type { Probe } from './probes'
import { atomCall, sharedMonitor, statements } from './rules'
import { bareScope, CURRENT } from './scope'
import type { CScope } from './scope'
import { syscallStart } from './syscall'
import { seedFunction, SEED_CALL } from './storage'
import { asksObject, isWide, objectKind } from './subject'
import { layoutList } from './text'
import { CUses } from './uses'
import { primary } from './value'

/** The text that the instrumentation was read of; findings name it. */
export interface InstrumentationSource {
  readonly file: string
  readonly text: string
}

/** Handlers, unless something stands in the instrumentation that C cannot say. */
export interface CompletedHandlers {
  /** Undefined exactly when there is a diagnostic of severity error. */
  readonly handlers: MonitorHandlers | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The C that an instrumentation adds to the monitor of its model.
 *
 * @param name of the generated monitor, which its events and states carry; not always the model's
 */
export function completeHandlers(
  instrumentation: Instrumentation,
  spec: MonitorSpec,
  name: string,
  source: InstrumentationSource
): CompletedHandlers {
  const findings = new Findings(source.file, source.text)
  const handlers = new Completion(instrumentation, spec, name, source, findings).run()
  return { handlers: findings.hasErrors ? undefined : handlers, diagnostics: findings.list() }
}

/** Names that the generated C has for itself; a parameter of the module may have none of them. */
const OWN_NAMES = new Set(
  (
    'data regs action info ka lock args group_dead clone_flags parent_ip env time_ns ha_mon mon ' +
    'retval g cpu res curr_state next_state event rv_this jiffies current automaton HZ ' +
    'init_storage attach_vectors detach_vectors dl_entity_id dl_server_id syscall_policy is_ext_task'
  ).split(' ')
)

class Completion {
  readonly #of: Instrumentation
  readonly #spec: MonitorSpec
  readonly #name: string
  readonly #source: InstrumentationSource
  readonly #findings: Findings
  readonly #uses = new CUses()
  #wideIds = false

  constructor(
    of: Instrumentation,
    spec: MonitorSpec,
    name: string,
    source: InstrumentationSource,
    findings: Findings
  ) {
    this.#of = of
    this.#spec = spec
    this.#name = name
    this.#source = source
    this.#findings = findings
  }

  run(): MonitorHandlers {
    this.#checkParameters()
    const { storage, ltl } = this.#of
    const isHybrid = this.#spec.kind === 'automaton' && this.#spec.automaton.kind === 'ha'
    const environment =
      this.#spec.kind === 'automaton' && isHybrid
        ? environmentOf(this.#of, this.#spec.automaton, this.#uses)
        : new Map<string, string>()
    const tasks = this.#taskScope()
    const fetch = ltl === undefined ? undefined : this.#atoms(ltl.fetch, tasks, 1)
    const init =
      ltl === undefined
        ? undefined
        : [...this.#atoms(ltl.init, tasks, 1), ...ifCreated(this.#atoms(ltl.created, tasks, 2))]
    // NAME.c has all this before its handlers, and what it calls has to stand above it.
    const early = helperTexts(this.#uses)
    const points = this.#of.tracepoints.map((rules) => this.#handler(rules))
    const plain = points.filter((p) => p.probe.guard === undefined)
    const guarded = guardedParts(
      points.filter((p) => p.probe.guard !== undefined),
      this.#name
    )
    const destroy = isHybrid ? 'ha_monitor_destroy' : 'da_monitor_destroy'
    const seeds = seedFunction(storage ?? [], objectKind(this.#of), this.#uses, destroy)
    const helpers = helperTexts(this.#uses).filter((text) => !early.includes(text))
    const functions = [
      ...helpers,
      ...unique(plain.map((p) => p.text)),
      ...guarded,
      ...(seeds === undefined ? [] : [seeds])
    ]
    return {
      includes: this.#uses.headers,
      before: [...missingSyscalls(this.#uses), ...early, ...this.#before(isHybrid)].join('\n'),
      environment,
      functions: functions.join('\n\n'),
      probes: plain.map(({ tracepoint, handler }) => ({ tracepoint, handler })),
      enable: [
        ...(seeds === undefined ? [] : [SEED_CALL]),
        ...(guarded.length === 0 ? [] : ['\tattach_vectors();'])
      ].join('\n'),
      disable: guarded.length === 0 ? '' : '\tdetach_vectors();',
      ...(fetch === undefined ? {} : { fetch: fetch.join('\n') }),
      ...(init === undefined ? {} : { init: init.join('\n') }),
      kconfig: this.#uses.kconfig
    }
  }

  #before(isHybrid: boolean): string[] {
    const { type, hybrid, storage, parameters } = this.#of
    const lines: string[] = []
    if (isHybrid && hybrid !== undefined && hybrid.timer !== 'none') {
      lines.push(`#define HA_TIMER_TYPE HA_TIMER_${hybrid.timer.toUpperCase()}`)
    }
    if (type === 'per_obj') {
      if (storage !== undefined) {
        lines.push(
          '/* Start events make no instance: not all of them come where memory may be had. */'
        )
        lines.push('#define DA_SKIP_AUTO_ALLOC')
      }
      if (this.#wideIds) lines.push('#define da_id_type long')
      const target = objectKind(this.#of) === 'dl' ? 'struct sched_dl_entity' : 'void'
      lines.push(`typedef ${target} *monitor_target;`)
    }
    // A hybrid automaton's stand among what its guards compare with.
    if (!isHybrid) lines.push(...parameters.map(parameterText))
    return lines
  }

  /** One function, and what it is attached to. */
  #handler(rules: TracepointRules): Handler {
    const { tracepoint } = rules
    const probe = PROBES[tracepoint]
    if (probe === undefined) throw new RangeError(`no declaration of ${tracepoint} is known`)
    if (probe.guard === undefined) this.#uses.header(probe.header)
    for (const symbols of probe.depends ?? []) this.#uses.depends(symbols)
    const scope = this.#ruleScope(tracepoint, probe)
    const monitor = sharedMonitor(rules)
    const body = statements(rules, {
      monitor: monitor?.[0],
      scope,
      objects: objectKind(this.#of),
      isPerObject: this.#of.type === 'per_obj',
      event: (event) => `${event}_${this.#name}`,
      seen: (rule, { isKnown }) => {
        if (rule.on.kind === 'id') {
          if (isWide(expressionToC(rule.on.of, scope))) this.#wideIds = true
          const starts =
            rule.kind === 'event'
              ? rule.call !== 'handle_event'
              : rule.kind === 'storage' && rule.call === 'create' && this.#of.storage === undefined
          if (starts && !isKnown && asksObject(this.#of)) this.#refuseUnknown(tracepoint)
        }
      }
    })
    const start = tracepoint === 'sys_enter' ? syscallStart(rules, body, this.#uses) : []
    const declared = monitor && `\tstruct ltl_monitor *${monitor[0]} = ${monitor[1]};`
    const opening =
      declared === undefined ? start : [declared, ...(start.length > 0 ? start : [''])]
    const code = [...opening, ...body].join('\n')
    const handler = this.#handlerName(tracepoint, code, probe)
    const mark = probe.guard === undefined ? '' : '__maybe_unused '
    const head = layoutList(
      0,
      `static void ${mark}${handler}(`,
      ['void *data', ...probe.params],
      ')'
    )
    return { tracepoint, handler, probe, text: `${head.join('\n')}\n{\n${code}\n}` }
  }

  readonly #names = new Map<string, string>()

  /** Tracepoints that pass the same and do the same have one function, called after the first. */
  #handlerName(tracepoint: string, code: string, { params, guard }: Probe): string {
    const key = [guard, ...params, code].join('\n')
    const known = this.#names.get(key)
    if (known !== undefined) return known
    // rv/ltl_monitor.h has a handle_task_newtask() of its own.
    const own = this.#spec.kind === 'ltl' && tracepoint === 'task_newtask' ? 'new_task' : tracepoint
    const name = `handle_${own.replace(/_tp$/, '')}`
    this.#names.set(key, name)
    return name
  }

  #ruleScope(tracepoint: string, probe: Probe): CScope {
    const fields = findTracepoint(tracepoint)?.fields ?? []
    return bareScope(this.#uses, {
      field: (name) => {
        if (fields.find((f) => f.name === name)?.kind === 'object') {
          return primary(`${this.#uses.helper('dl_entity_id')}(${name}, cpu, type)`, 'int')
        }
        const value = parameterValue(probe, name)
        if (value === undefined) throw new RangeError(`${tracepoint} passes no ${name} in C`)
        return value
      },
      task: (of) =>
        of.kind === 'field'
          ? // The task that a system call names by its pid may not be there.
            { pointer: of.name, nullable: tracepoint === 'sys_enter' }
          : { pointer: CURRENT, nullable: false }
    })
  }

  /** Where `task` is what the instance belongs to. */
  #taskScope(): CScope {
    return bareScope(this.#uses, {
      task: (of) => ({ pointer: of.kind === 'instance' ? 'task' : CURRENT, nullable: false })
    })
  }

  #atoms(
    atoms: ReadonlyMap<string, Parameters<typeof boolToC>[0]>,
    scope: CScope,
    depth: number
  ): string[] {
    return [...atoms].flatMap(([atom, value]) =>
      atomCall(depth, 'ltl_atom_set', ['mon', `LTL_${atom}`], boolToC(value, scope))
    )
  }

  #checkParameters(): void {
    for (const { name } of this.#of.parameters) {
      if (!OWN_NAMES.has(name)) continue
      this.#findings.error(
        'not-in-c',
        this.#placeOf(name),
        `The parameter ${quoted(name)} cannot be generated: the monitor's C has that name for something else; expected another name.`
      )
    }
  }

  #refuseUnknown(tracepoint: string): void {
    this.#findings.error(
      'not-in-c',
      this.#placeOf(tracepoint),
      `A rule of ${quoted(tracepoint)} starts an instance of which only the number is known, and the model asks the object itself for an attribute; expected \`on:\` with an object that the tracepoint passes, or with the pid or dl_server of a task.`
    )
  }

  /** Where the text has a word as a key, else its beginning. */
  #placeOf(word: string): { readonly start: number; readonly end: number } {
    const found = new RegExp(`^[^#\\n]*?\\b(${word})\\b[^\\n]*:`, 'm').exec(this.#source.text)
    if (found === null) return { start: 0, end: 0 }
    const start = found.index + found[0].indexOf(word)
    return { start, end: start + word.length }
  }
}

/** What ltl_atoms_init() does for a task that is new; one statement needs no braces. */
function ifCreated(lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  const [open, close] = lines.length === 1 ? ['', []] : [' {', ['\t}']]
  return [`\tif (task_creation)${open}`, ...lines, ...close]
}
