import type { Automaton } from '../../model/automaton'
import { AutomatonExplorer } from '../../model/explore/explorer'
import { acceptedWords, shortestPath } from '../../model/explore/graph'
import { LtlExplorer } from '../../model/explore/ltl-explorer'
import { ExploreFailure } from '../../model/explore/moves'
import type { Outcome } from '../../model/explore/moves'
import type { LtlModel } from '../../model/ltl'
import { parseTime } from '../../model/explore/time'

/** Words that are listed at once. */
const MAX_WORDS = 1_000
const MAX_WALK = 100_000

/** What a command led to. */
export interface Reply {
  readonly text: string
  /** The last step was a violation. */
  readonly violation: boolean
  readonly quit?: boolean
}

/** A conversation about one model, without a terminal: a line in, a reply out. */
export interface StepSession {
  readonly name: string
  /** What stands above the prompt. */
  describe(): string
  /** @throws ExploreFailure for what is no command, or cannot be done */
  execute(line: string): Reply
  /** Words that the line may go on with. */
  complete(line: string): string[]
}

const COMMON_HELP = `  undo, redo, reset
  history             what was done
  help
  quit                or the end of the input`

const AUTOMATON_HELP = `  EVENT               or its number, or the beginning of its name: the event happens
  take EVENT          the same, where the event is called like a command
  path STATE          the shortest sequence of events from here to a state
  walk N              N random events that the model allows
  words N             all sequences of up to N events from the initial state
  env NAME=VALUE      gives an environment variable, a constant, a parameter or the clock a value
  wait TIME           time passes: 10us, 5ms, 20j
${COMMON_HELP}
`

const FORMULA_HELP = `  step                one step of the monitor with the atoms as they are
  ATOM                gives the atom its other value
  ATOM=1, ATOM=0      gives it a value
  with A B            one step in which these atoms are true and all others false
${COMMON_HELP}
`

const said = (text: string): Reply => ({ text, violation: false })
const did = ({ kind, lines }: Outcome): Reply => ({
  text: lines.map((line) => `${line}\n`).join(''),
  violation: kind === 'violation'
})

/** What both kinds have. */
function common(
  explorer: AutomatonExplorer | LtlExplorer,
  word: string,
  help: string
): Reply | undefined {
  switch (word) {
    case 'undo':
    case 'redo': {
      const done = word === 'undo' ? explorer.undo() : explorer.redo()
      if (done === undefined) throw new ExploreFailure(`There is nothing to ${word}.`)
      return said(`${word}: ${done}\n`)
    }
    case 'reset':
      explorer.reset()
      return said('')
    case 'history':
      return said(explorer.actions.map((action) => `  ${action}\n`).join(''))
    case 'help':
      return said(help)
    case 'quit':
    case 'exit':
      return { text: '', violation: false, quit: true }
    default:
      return undefined
  }
}

/** Steps through an automaton. */
export class AutomatonSession implements StepSession {
  readonly name: string
  readonly #explorer: AutomatonExplorer
  readonly #below: (limit: number) => number

  /** @param below a random whole number from 0 to below the limit */
  constructor(automaton: Automaton, below: (limit: number) => number) {
    this.name = automaton.name
    this.#explorer = new AutomatonExplorer(automaton)
    this.#below = below
  }

  describe(): string {
    const { state, final, invariant, time, env } = this.#explorer.position
    const here = state ?? 'not monitoring'
    const facts = [
      ...(final ? ['final'] : []),
      ...(invariant === undefined ? [] : [invariant]),
      ...(time === undefined ? [] : [`time ${time}`]),
      ...(env === '' ? [] : [env])
    ]
    const options = this.#options().map(({ event, to, guard, allowed }, i) => {
      const ask = guard === undefined ? '' : `  [${guard}]`
      const doubt = allowed === undefined ? '  (depends)' : allowed ? '' : '  (does not hold)'
      return `  ${String(i + 1).padStart(2)} ${event} -> ${to ?? ''}${ask}${doubt}\n`
    })
    return `${here}${facts.length === 0 ? '' : ` (${facts.join('; ')})`}\n${options.join('')}`
  }

  execute(line: string): Reply {
    const [word = '', ...rest] = line.trim().split(/\s+/)
    if (word === '') return said('')
    const argument = rest.join(' ')
    const plain = argument === '' ? common(this.#explorer, word, AUTOMATON_HELP) : undefined
    if (plain !== undefined) return plain
    switch (word) {
      case 'take':
        return did(this.#explorer.take(argument))
      case 'path':
        return said(this.#path(argument))
      case 'walk':
        return this.#walk(count(word, argument, MAX_WALK))
      case 'words':
        return said(this.#words(count(word, argument, 64)))
      case 'env':
        return did(this.#assign(argument))
      case 'wait':
        return did(this.#explorer.wait(this.#time(argument)))
      default:
        if (argument !== '') throw new ExploreFailure(`${word} takes no argument; see help.`)
        return did(this.#explorer.take(this.#event(word)))
    }
  }

  complete(line: string): string[] {
    const { automaton, names } = this.#explorer
    const [, command, begun = ''] = /^\s*(?:(path|take|env)\s+)?(\S*)$/.exec(line) ?? []
    const words =
      command === 'path'
        ? automaton.states
        : command === 'env'
          ? names.map((name) => `${name}=`)
          : command === 'take'
            ? automaton.events
            : [
                ...automaton.events,
                ...'path walk words env wait undo redo reset history help quit'.split(' ')
              ]
    return words.filter((one) => one.startsWith(begun))
  }

  /** What the model has a transition for, in the order of its numbers. */
  #options(): ReturnType<AutomatonExplorer['events']> {
    return this.#explorer.events().filter(({ to }) => to !== undefined)
  }

  /** The event that a word means: its name, its number, or the only one that begins so. */
  #event(word: string): string {
    const { events } = this.#explorer.automaton
    if (events.includes(word)) return word
    if (/^[0-9]+$/.test(word)) {
      const options = this.#options()
      const option = options[Number(word) - 1]
      if (option !== undefined) return option.event
      throw new ExploreFailure(
        options.length === 0
          ? `There is no event ${word}: nothing is allowed here.`
          : `There is no event ${word}; expected a number from 1 to ${options.length}.`
      )
    }
    const matching = events.filter((event) => event.startsWith(word))
    const [only, second] = matching
    if (only !== undefined && second === undefined) return only
    if (second !== undefined) {
      throw new ExploreFailure(`${word} may be ${matching.join(', ')}; expected more of the name.`)
    }
    // take() says what there is.
    return word
  }

  #path(name: string): string {
    const { automaton, position } = this.#explorer
    const to = automaton.states.indexOf(name)
    if (to < 0) {
      throw new ExploreFailure(
        `${automaton.name} has no state ${JSON.stringify(name)}; expected one of ${automaton.states.join(', ')}.`
      )
    }
    const from = Math.max(0, automaton.states.indexOf(position.state ?? ''))
    const path = shortestPath(automaton, to, from)
    if (path === undefined) {
      throw new ExploreFailure(`No sequence of events leads from here to ${name}.`)
    }
    return `${path.length === 0 ? '(here)' : path.map(({ event }) => automaton.events[event]).join(' ')}\n`
  }

  #walk(length: number): Reply {
    let text = ''
    for (let i = 0; i < length; i++) {
      const options = this.#options().filter(({ allowed }) => allowed === true)
      const option = options[this.#below(options.length)]
      if (option === undefined) return said(`${text}Nothing is allowed here.\n`)
      text += did(this.#explorer.take(option.event)).text
    }
    return said(text)
  }

  #words(length: number): string {
    const { automaton } = this.#explorer
    let text = ''
    let left = MAX_WORDS
    for (const word of acceptedWords(automaton, length)) {
      if (left-- === 0) return `${text}... the first ${MAX_WORDS}; see explore --words\n`
      text += `${word.length === 0 ? '(no event)' : word.map(({ event }) => automaton.events[event]).join(' ')}\n`
    }
    return text
  }

  #assign(text: string): Outcome {
    const [, name = '', value = ''] = /^(\S+?)\s*=\s*(\S+)$/.exec(text) ?? []
    if (name === '') throw new ExploreFailure('env expects NAME=VALUE, such as env clk=10us.')
    return this.#explorer.assign(name, this.#time(value))
  }

  /** A time in what the clock counts, or a number. */
  #time(text: string): number {
    const time = parseTime(text)
    const { clock, automaton } = this.#explorer
    if (time === undefined) {
      throw new ExploreFailure(
        `${JSON.stringify(text)} is no whole number and no time; expected such as 10us, 5ms, 20j or 7.`
      )
    }
    const kind = clock?.kind ?? 'ns'
    if (time.kind !== undefined && time.kind !== kind) {
      throw new ExploreFailure(
        `The clock of ${automaton.name} counts ${kind}; expected a time in ${kind === 'ns' ? 'ns, us, ms or s' : 'j'}.`
      )
    }
    return time.amount
  }
}

/** Steps through a formula. */
export class FormulaSession implements StepSession {
  readonly name: string
  readonly #explorer: LtlExplorer

  constructor(ltl: LtlModel) {
    this.name = ltl.name
    this.#explorer = new LtlExplorer(ltl)
  }

  describe(): string {
    const { position, atoms } = this.#explorer
    const states = this.#explorer.states().map(({ number, label, current, next }) => {
      const marks = `${current ? '*' : ' '}${next ? '>' : ' '}`
      return `  ${marks} ${number} ${label}\n`
    })
    const where = position === '' ? 'not started' : `(${position})`
    return `${where}; true: ${atoms.length === 0 ? 'none' : atoms.join(', ')}  (* now, > after a step)\n${states.join('')}`
  }

  execute(line: string): Reply {
    const [word = '', ...rest] = line.trim().split(/\s+/)
    if (word === '') return said('')
    const plain = rest.length === 0 ? common(this.#explorer, word, FORMULA_HELP) : undefined
    if (plain !== undefined) return plain
    if (word === 'step' && rest.length === 0) return did(this.#explorer.step())
    if (word === 'with') {
      const unknown = rest.find((atom) => !this.#explorer.ltl.atoms.includes(atom))
      if (unknown !== undefined) this.#explorer.set(unknown)
      for (const atom of this.#explorer.ltl.atoms) {
        const is = rest.includes(atom)
        if (this.#explorer.atoms.includes(atom) !== is) this.#explorer.set(atom, is)
      }
      return did(this.#explorer.step())
    }
    const [, atom = '', value] = /^([^=]+)(?:=([01]))?$/.exec(word) ?? []
    if (atom === '' || rest.length > 0) {
      throw new ExploreFailure(`${JSON.stringify(line.trim())} is no command; see help.`)
    }
    this.#explorer.set(atom, value === undefined ? undefined : value === '1')
    return said('')
  }

  complete(line: string): string[] {
    const [begun = ''] = /\S*$/.exec(line) ?? []
    const words = [
      ...this.#explorer.ltl.atoms,
      ...'step with undo redo reset history help quit'.split(' ')
    ]
    return words.filter((one) => one.startsWith(begun))
  }
}

function count(command: string, text: string, most: number): number {
  const value = /^[0-9]{1,7}$/.test(text) ? Number(text) : Number.NaN
  if (value >= 0 && value <= most) return value
  throw new ExploreFailure(`${command} expects a whole number up to ${most}, such as ${command} 3.`)
}
