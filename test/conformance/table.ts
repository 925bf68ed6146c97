import { SCENARIOS, type Scenario } from '../../src/simulator/scenarios'
import { kindOf, machine, run, SECOND, watch, write } from '../../src/simulator/testing/machine'
import type { MonitorModel } from '../../src/model/load'
import { AGREEMENT } from '../replay/expected'
import { MONITORS, type Expected } from './catalog'
import { LOADS } from './loads'

/** Virtual time after which a default run must have shown every state, and a scenario its violation. */
const LONGEST = 60 * SECOND

/** States of a monitor's model, and those of them that a machine without a fault reaches. */
interface States {
  readonly all: readonly string[]
  readonly reached: ReadonlySet<string>
}

/** `0-2,5` as trace lines print a set of states of a temporal logic monitor. */
function members(ranges: string): string[] {
  return ranges.split(',').flatMap((range) => {
    const [first = '', last = first] = range.split('-')
    if (first === '') return []
    const length = Number(last) - Number(first) + 1
    return Array.from({ length }, (_, i) => String(Number(first) + i))
  })
}

/** Runs a machine without a fault, all monitors on, until they have been everywhere. */
function statesOf(models: readonly MonitorModel[]): ReadonlyMap<string, States> {
  const kernel = machine(models, { tasks: 24 })
  const found = new Map<string, { all: readonly string[]; reached: Set<string> }>()
  for (const { name, automaton, ltl } of kernel.engine.listed) {
    const numbers = Array.from({ length: ltl?.buchi.states ?? 0 }, (_, i) => String(i))
    const all = automaton?.states ?? numbers
    if (all.length > 0) found.set(name, { all, reached: new Set() })
  }
  const left = new Set(found.keys())
  watch(kernel, [...left], ['event'])
  run(kernel, LONGEST, ({ event, text }) => {
    const name = event.replace('event_', '')
    const states = found.get(name)
    if (states === undefined || !left.has(name)) return left.size > 0
    const sets = /^.+\[\d+\]: \((.*)\) x \(.*\) -> \((.*)\)$/.exec(text)
    const step = /^(?:-?\d+: )?(\S+) x \S+ -> (\S+)/.exec(text)
    const names = sets
      ? [...members(sets[1] ?? ''), ...members(sets[2] ?? '')]
      : [step?.[1] ?? '', step?.[2] ?? '']
    for (const one of names) if (states.all.includes(one)) states.reached.add(one)
    if (states.reached.size === states.all.length) {
      left.delete(name)
      write(kernel, `events/rv/${event}/enable`, '0')
    }
    return left.size > 0
  })
  return found
}

/** The violation that a scenario is named for, as its first line has it. */
function violationOf(models: readonly MonitorModel[], scenario: Scenario): string {
  const kernel = machine(models, { scenario: scenario.name })
  watch(kernel, [scenario.monitor], ['error', 'error_env'])
  let text = ''
  run(kernel, LONGEST, (line) => {
    if (line.event !== scenario.violation) return true
    text = kindOf(line).replace(`${line.event}: `, '')
    return false
  })
  if (text === '') throw new Error(`${scenario.name} raised no ${scenario.violation}`)
  return text
}

/** What was compared with a real kernel, beyond what holds for all of them. */
function agreementOf({ name }: Expected): string {
  const parts: string[] = []
  const replayed = AGREEMENT[name]
  if (replayed !== undefined) {
    const { same, kernelEvents } = replayed
    const all = same === kernelEvents ? 'all' : `${same.toLocaleString('en')} of`
    const rest = same === kernelEvents ? '' : ', the others explained'
    parts.push(`replay: ${all} ${kernelEvents.toLocaleString('en')} verdicts the same${rest}`)
  }
  const load = LOADS[name]
  if (load !== undefined) parts.push(`violated there too: ${load.why}`)
  else parts.push('silent there, as here without a fault')
  return parts.join('; ')
}

const HEAD = `# Monitors

<!-- Written by \`npm run docs:monitors\`; a test checks that it is current. -->

Every monitor of Linux 7.3, as the simulated kernel runs it. _States_: how many
states of the model a run without a fault passes through (4 CPUs, 24 tasks,
all monitors on). _Scenario_: the faults that the simulated kernel can be given
(\`npx rvpanel mon NAME --scenario SCENARIO\`), and the violation that each is
named for, as its trace event says it (without the task, with \`N\` for a clock).
_Real kernel_: what was compared with Linux 7.3 besides what holds for all of
them: name, description, place in the lists, trace events and their formats, the
answers of all control files ([conformance.md](conformance.md)).
[models/scenarios.md](../models/scenarios.md) says what happens in each scenario.

| Monitor | Class | States | Scenario | Violation | Real kernel |
|---|---|---|---|---|---|
`

const CLASSES = { container: 'container', da: 'DA', ha: 'hybrid', ltl: 'LTL' } as const

/** docs/monitors.md, from a run of the simulated kernel. */
export function monitorsPage(models: readonly MonitorModel[]): string {
  const states = statesOf(models)
  const rows = MONITORS.flatMap((monitor) => {
    const { name, listed, kind } = monitor
    if (kind === 'container') return []
    const { all = [], reached = new Set<string>() } = states.get(name) ?? {}
    const missing = all.filter((state) => !reached.has(state))
    const count =
      missing.length === 0
        ? `all ${all.length}`
        : `${reached.size} of ${all.length} (not ${missing.join(', ')})`
    const scenarios = SCENARIOS.filter((scenario) => scenario.monitor === name)
    const cells = (make: (scenario: Scenario) => string): string => scenarios.map(make).join('<br>')
    return [
      `| ${listed} | ${CLASSES[kind]} | ${count} | ${cells((one) => one.name)} | ` +
        `${cells((one) => violationOf(models, one))} | ${agreementOf(monitor)} |\n`
    ]
  })
  return `${HEAD}${rows.join('')}`
}

const SCENARIOS_HEAD = `# Scenarios

<!-- Written by \`npm run docs:monitors\`; a test checks that it is current. -->

A scenario is a fault that the simulated kernel is booted with: a mechanism in its
paths or in a task of its own that makes one monitor of this folder report. Without
one the kernel is correct. \`npx rvpanel mon MONITOR -t --scenario NAME\` shows it in
a terminal, the button in the head line in the window;
[docs/monitors.md](../docs/monitors.md) has the violation that each raises.
`

/** models/scenarios.md: what each fault of the simulated kernel is. */
export function scenariosPage(): string {
  const monitors = [...new Set(SCENARIOS.map(({ monitor }) => monitor))]
  const parts = monitors.map((name) => {
    const faults = SCENARIOS.filter(({ monitor }) => monitor === name)
    const items = faults.map(
      ({ name, title, description }) => `- **\`${name}\`**: ${title}. ${description}\n`
    )
    return `\n## ${name}\n\n${items.join('')}`
  })
  return `${SCENARIOS_HEAD}${parts.join('')}`
}
