import type { Automaton, GuardValue } from '../automaton'
import { quoted } from '../findings'
import { nameProblem } from '../instrumentation-yaml'
import { valueName } from '../labels'
import { GenerateError } from './files'

/** Words of C that are no names (ISO C11 6.4.1), and those of GNU C and of the kernel that are keywords too. */
const KEYWORDS = new Set(
  (
    'auto break case char const continue default do double else enum extern float for goto if ' +
    'inline int long register restrict return short signed sizeof static struct switch typedef ' +
    'union unsigned void volatile while _Alignas _Alignof _Atomic _Bool _Complex _Generic ' +
    '_Imaginary _Noreturn _Static_assert _Thread_local asm typeof bool true false NULL'
  ).split(' ')
)

/**
 * Names that the preprocessor replaces before it pastes MONITOR_NAME to another word: macros of the
 * compiler, of the kernel (asm/current.h) and of the monitors' own headers (include/rv/automata.h).
 */
const MACROS = new Set([
  'linux',
  'unix',
  'i386',
  'mips',
  'sparc',
  'current',
  'states',
  'events',
  'envs'
])

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Whether C takes the word as a name. */
export function isCName(name: string): boolean {
  return IDENTIFIER.test(name) && !KEYWORDS.has(name)
}

/** Why no monitor or container of this name can be generated, or undefined where one can. */
export function generatedNameProblem(name: string): string | undefined {
  const problem = nameProblem(name)
  if (problem !== undefined) return problem
  if (!IDENTIFIER.test(name)) {
    return `The name ${quoted(name)} begins with a digit; expected a C identifier.`
  }
  if (KEYWORDS.has(name)) return `The name ${quoted(name)} is a word of C; expected another name.`
  if (name.startsWith('__')) {
    return `The name ${quoted(name)} begins with two underscores, as the kernel's own macros do (\`__init\`); expected another name.`
  }
  if (MACROS.has(name)) {
    return `The name ${quoted(name)} is a macro where the kernel builds its monitors; expected another name.`
  }
  return undefined
}

/** @throws GenerateError where no monitor can have the name */
export function expectName(name: string, what = ''): void {
  const problem = generatedNameProblem(name)
  if (problem !== undefined) throw new GenerateError(what + problem)
}

/** Longest description that the kernel's own tool shows (tools/verification/rv/include/rv.h). */
const MAX_DESCRIPTION = 1023

/** @throws GenerateError where the description is no line that the kernel can show */
export function expectDescription(description: string): void {
  if (
    description.trim() === '' ||
    description.length > MAX_DESCRIPTION ||
    /[\p{Cc}\u2028\u2029]/u.test(description)
  ) {
    throw new GenerateError(
      `The description is one line in the kernel; expected 1 to ${MAX_DESCRIPTION} characters without line breaks and control characters.`
    )
  }
}

/**
 * Whether C takes the automaton's names, all of which become enumerators of one scope.
 *
 * @param suffix what is added to each
 * @throws GenerateError
 */
export function expectCNames(automaton: Automaton, suffix: string): void {
  const { states, events, envs, kind } = automaton
  const taken = new Map<string, string>()
  const take = (what: string, name: string): void => {
    const c = name + suffix
    if (!isCName(c)) {
      throw new GenerateError(`The ${what} ${quoted(name)} is no name in C; expected another name.`)
    }
    const before = taken.get(c)
    if (before !== undefined) {
      throw new GenerateError(
        `The ${what} ${quoted(name)} and ${before} would have the same name in C, ${c}; expected different names.`
      )
    }
    taken.set(c, `the ${what} ${quoted(name)}`)
  }
  for (const name of ['state_max', 'event_max']) take('number', name)
  if (kind === 'ha') for (const name of ['env_max', 'env_max_stored']) take('number', name)
  taken.set('INVALID_STATE', 'the mark of invalid transitions')
  for (const name of states) take('state', name)
  for (const name of events) take('event', name)
  for (const name of envs) take('environment variable', name)
  for (const { text, kind: of } of values(automaton)) {
    const name = valueName({ text, kind: of })
    if (!isCName(name)) {
      throw new GenerateError(`The value ${quoted(text)} is no name in C; expected another name.`)
    }
  }
}

/** What guards and invariants compare with and the model does not say, by its text, sorted. */
export function values({ transitions, invariants }: Automaton): GuardValue[] {
  const found = new Map<string, GuardValue>()
  for (const constraint of [
    ...transitions.flatMap(({ guard }) => guard?.constraints ?? []),
    ...invariants
  ]) {
    if (constraint === undefined || constraint.value.kind === 'literal') continue
    found.set(constraint.value.text, constraint.value)
  }
  return [...found.values()].sort((a, b) => (a.text < b.text ? -1 : 1))
}
