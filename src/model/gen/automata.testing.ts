import fc from 'fast-check'
import type { Automaton, Constraint, Guard, GuardValue, Unit } from '../automaton'
import { parseDot } from '../dot'
import { literalValue } from '../labels'
import { printDot } from '../print-dot'

/** For tests: automata that C takes, with guards where `hybrid`. */
export function automata(hybrid: boolean): fc.Arbitrary<Automaton> {
  const name = fc.stringMatching(/^[a-z]{1,5}$/)
  return fc
    .record({
      states: fc.uniqueArray(
        name.map((n) => `s_${n}`),
        { minLength: 1, maxLength: 6 }
      ),
      events: fc.uniqueArray(
        name.map((n) => `e_${n}`),
        { minLength: 1, maxLength: 5 }
      ),
      // A variable counts one thing: which one of several units is lost in C.
      envs: fc.uniqueArray(
        fc.record({ name: name.map((n) => `x_${n}`), kind: fc.constantFrom('ns', 'j', '') }),
        { minLength: 1, maxLength: 3, selector: (env) => env.name }
      )
    })
    .chain(({ states, events, envs }) =>
      fc
        .record({
          final: fc.array(fc.boolean(), { minLength: states.length, maxLength: states.length }),
          invariants: fc.array(fc.option(constraints(envs, ['<']), { nil: undefined, freq: 2 }), {
            minLength: states.length,
            maxLength: states.length
          }),
          cells: fc.array(
            fc.record({
              to: fc.integer({ min: -1, max: states.length - 1 }),
              guard: fc.option(guards(envs), { nil: undefined, freq: 2 })
            }),
            { minLength: states.length * events.length, maxLength: states.length * events.length }
          )
        })
        .map(({ final, invariants, cells }) => {
          const transitions = cells.flatMap(({ to, guard }, i) => {
            const from = Math.floor(i / events.length)
            const own = hybrid ? guard : undefined
            return to < 0 ? [] : [{ from, event: i % events.length, to, guard: own }]
          })
          const written = {
            name: 'random',
            states,
            events,
            final,
            transitions,
            invariants: states.map((_, i) => (hybrid ? invariants[i] : undefined))
          }
          // Read again, for the order that automata have.
          return parseDot(printDot(written), 'random.dot').automaton
        })
    )
    .filter((automaton) => automaton !== undefined)
    .filter(({ kind }) => (kind === 'ha') === hybrid)
}

interface Env {
  readonly name: string
  readonly kind: string
}

const value: fc.Arbitrary<GuardValue> = fc.oneof(
  fc.nat(1_000_000).map((n) => ({ kind: 'literal' as const, text: `${n}` })),
  fc.stringMatching(/^K[A-Z]{1,3}$/).map((text) => ({ kind: 'constant' as const, text })),
  fc
    .stringMatching(/^M[A-Z]{1,3}$/)
    .map((t) => ({ kind: 'constant-call' as const, text: `${t}()` })),
  fc.stringMatching(/^p_[a-z]{1,3}$/).map((text) => ({ kind: 'parameter' as const, text })),
  fc.stringMatching(/^f_[a-z]{1,3}$/).map((t) => ({ kind: 'function' as const, text: `${t}()` }))
)

function constraints(
  envs: readonly Env[],
  ops: readonly Constraint['op'][]
): fc.Arbitrary<Constraint> {
  return fc
    .record({
      env: fc.constantFrom(...envs),
      op: fc.constantFrom(...ops),
      value,
      time: fc.constantFrom<Unit>('ns', 'us', 'ms', 's'),
      unitless: fc.boolean()
    })
    .map(({ env, op, value: of, time, unitless }) => {
      const isTime = env.kind === 'ns'
      const unit = isTime && of.kind === 'literal' ? time : env.kind === '' ? undefined : env.kind
      return {
        env: env.name,
        op,
        value: of,
        unit: unitless && unit === 'ns' ? undefined : (unit as Unit | undefined)
      }
    })
}

function guards(envs: readonly Env[]): fc.Arbitrary<Guard> {
  return fc
    .record({
      constraints: fc.array(constraints(envs, ['==', '!=', '<', '<=', '>', '>=']), {
        maxLength: 4
      }),
      joins: fc.array(fc.constantFrom('&&' as const, '||' as const), {
        minLength: 4,
        maxLength: 4
      }),
      reset: fc.option(fc.constantFrom(...envs.map(({ name }) => name)), { nil: undefined })
    })
    .filter((g) => g.constraints.length > 0 || g.reset !== undefined)
    .map((g) => ({ ...g, joins: g.joins.slice(0, Math.max(0, g.constraints.length - 1)) }))
}

/** What C keeps of an automaton: limits in what their clock counts, and of an invariant no operator. */
export function inC(automaton: Automaton): unknown {
  const written = (c: Constraint, op: string): string =>
    `${c.env} ${op} ${literalValue(c) ?? c.value.text}`
  return {
    ...automaton,
    name: '',
    table: [...automaton.table],
    transitions: automaton.transitions.map((t) => ({
      ...t,
      guard: t.guard && {
        ...t.guard,
        constraints: t.guard.constraints.map((c) => written(c, c.op))
      }
    })),
    invariants: automaton.invariants.map((c) => c && written(c, '<'))
  }
}
