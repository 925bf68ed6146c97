import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Automaton, Constraint, Guard } from '../automaton'
import { parseDot } from '../dot'
import { literalValue, valueName } from '../labels'
import { automata } from './automata.testing'
import { hybridFunctions } from './hybrid'

/** What a verification function of the monitor `mon` does, run as JavaScript. */
type Verify = (state: string, event: string, envs: Record<string, number>) => unknown

function verification(automaton: Automaton, name: string, values: Record<string, number>): Verify {
  const text = hybridFunctions(automaton, 'mon', new Map())
  const body = new RegExp(`${name}\\([^)]*\\)\\n\\{\\n([^]*?)\\n\\}\\n`).exec(text)?.[1] ?? ''
  const js = body
    .replace('bool res', 'let res')
    .replace(/(\d+)ull/g, '$1')
    .replace(/\b(\w+)\(ha_mon\)/g, '$1')
    .replace(/\b([sex]_\w+)_mon\b/g, '"$1"')
  const context = {
    ...values,
    ha_mon: 0,
    time_ns: 0
  }
  return (curr_state, event, envs) => {
    const resets: string[] = []
    const result = runInNewContext(`(() => { ${js} })()`, {
      ...context,
      curr_state,
      event,
      ha_get_env: (_: number, env: string) => envs[env],
      ha_monitor_env_invalid: (_: number, env: string) => envs[env] === undefined,
      ha_reset_env: (_: number, env: string) => resets.push(env),
      ha_check_invariant_ns: (_: number, env: string, __: number, limit: number) =>
        `${env} ns ${limit}`,
      ha_check_invariant_jiffy: (_: number, env: string, __: number, limit: number) =>
        `${env} jiffies ${limit}`
    }) as unknown
    return { result, resets }
  }
}

/** The guard as its grammar has it: `&&` binds tighter; one that reads an unset clock holds. */
function holds(
  { constraints, joins }: Guard,
  valueOf: (c: Constraint) => number,
  envs: Record<string, number>,
  stored: readonly string[]
): boolean {
  if (constraints.some(({ env }) => stored.includes(env) && envs[env] === undefined)) return true
  const compare = (c: Constraint): boolean => {
    const [a, b] = [envs[c.env] ?? 0, valueOf(c)]
    return {
      '==': a === b,
      '!=': a !== b,
      '<': a < b,
      '<=': a <= b,
      '>': a > b,
      '>=': a >= b
    }[c.op]
  }
  // Each run of `&&` is one part of the disjunction.
  const parts: boolean[][] = []
  constraints.forEach((c, i) => {
    if (i === 0 || joins[i - 1] === '||') parts.push([])
    parts.at(-1)?.push(compare(c))
  })
  return constraints.length === 0 || parts.some((part) => part.every(Boolean))
}

function constantsOf(automaton: Automaton): Record<string, number> {
  const all = [
    ...automaton.transitions.flatMap(({ guard }) => guard?.constraints ?? []),
    ...automaton.invariants.flatMap((c) => c ?? [])
  ].filter(({ value }) => value.kind !== 'literal')
  return Object.fromEntries(all.map(({ value }) => [valueName(value), value.text.length * 7]))
}

describe('hybridFunctions', () => {
  it('checks and resets what the guards say', () => {
    fc.assert(
      fc.property(
        automata(true),
        fc.array(fc.nat(60), { minLength: 3, maxLength: 3 }),
        (a, given) => {
          const constants = constantsOf(a)
          const verify = verification(a, 'ha_verify_guards', constants)
          const envs: Record<string, number> = {}
          const stored = a.envs.slice(0, a.storedEnvs)
          a.envs.forEach((env, i) => {
            // A variable that is stored may never have been reset.
            const value = given[i] ?? 0
            if (value % 4 !== 0 || !stored.includes(env)) envs[env] = value
          })
          for (const { from, event, guard } of a.transitions) {
            if (guard === undefined) continue
            expect(verify(a.states[from] ?? '', a.events[event] ?? '', envs)).toEqual({
              result: holds(
                guard,
                (c) => literalValue(c) ?? constants[valueName(c.value)] ?? 0,
                envs,
                stored
              ),
              resets: guard.reset === undefined ? [] : [guard.reset]
            })
          }
        }
      ),
      { numRuns: 60 }
    )
  })

  it('checks what the invariants say', () => {
    fc.assert(
      fc.property(automata(true), (a) => {
        const constants = constantsOf(a)
        const verify = verification(a, 'ha_verify_invariants', constants)
        a.invariants.forEach((c, state) => {
          if (c === undefined) return
          const limit = literalValue(c) ?? constants[valueName(c.value)]
          const kind = c.unit === 'j' ? 'jiffies' : 'ns'
          expect(verify(a.states[state] ?? '', '', {})).toEqual({
            result: `${c.env} ${kind} ${limit}`,
            resets: []
          })
        })
      }),
      { numRuns: 60 }
    )
  })

  const model = (edges: string, label = 's_a'): Automaton => {
    const { automaton, diagnostics } = parseDot(
      `digraph x { "__init_s_a" [label = ""]; "s_a" [label = "${label}"]; "s_b" [label = "s_b"]; ${edges} }`,
      'x.dot'
    )
    if (automaton === undefined) throw new Error(JSON.stringify(diagnostics))
    return automaton
  }
  const edge = (label: string): string => `"s_a" -> "s_b" [label = "${label}"]`

  it('shows the compiler which of && and || binds tighter', () => {
    const text = hybridFunctions(model(edge('e;x == 1 && y == 2 || z == 3')), 'mon', new Map())
    expect(text).toContain('time_ns) == 2ull) ||')
    expect(text).toContain('res = (ha_get_env(ha_mon, x_mon, time_ns) == 1ull &&')
  })

  it('marks what the model does not say, unless it is given', () => {
    const automaton = model(
      edge('e;x == LIMIT && x == MACRO() && x < param && x > fun();reset(clk)')
    )
    const skeleton = hybridFunctions(automaton, 'mon', new Map())
    expect(skeleton.match(/XXX/g)).toHaveLength(7)
    const full = hybridFunctions(
      automaton,
      'mon',
      new Map([
        ['x', 'read_x()'],
        ['LIMIT', '#define LIMIT 5'],
        ['MACRO()', '#define MACRO(ha_mon) 6'],
        ['param', 'static u64 param = 7;'],
        ['fun()', 'static u64 fun(void)\n{\n}']
      ])
    )
    expect(full).toContain('\t\treturn read_x();\n')
    expect(full.match(/XXX/g)).toHaveLength(2)
  })

  it('sets a timer up for each state with an invariant, and cancels it behind', () => {
    const text = hybridFunctions(
      model(`${edge('e;reset(clk)')} "s_a" -> "s_a" [label = "f;reset(clk)"]`, 's_a\\nclk < 5us'),
      'mon',
      new Map()
    )
    expect(text).toContain('if (next_state == curr_state && event != f_mon)\n\t\treturn;')
    expect(text).toContain('ha_start_timer_ns(ha_mon, clk_mon, 5000, time_ns);')
    expect(text).toContain('else if (curr_state == s_a_mon)\n\t\tha_cancel_timer(ha_mon);')
  })

  it('refuses a limit of more than 64 bits', () => {
    const automaton = model(edge('e;reset(clk)'), 's_a\\nclk < 99999999999s')
    expect(() => hybridFunctions(automaton, 'mon', new Map())).toThrow(
      'The value 99999999999s does not fit into 64 bits'
    )
  })
})
