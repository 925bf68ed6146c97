import { cpp } from '@codemirror/lang-cpp'
import { yaml } from '@codemirror/lang-yaml'
import { StreamLanguage } from '@codemirror/language'
import type { StringStream } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { BINARY_OPERATORS, UNARY_OPERATORS } from '../../../model/ltl/syntax'

/** The language of a file by what its name ends in. */
export function languageOf(file: string): Extension {
  if (/\.(dot|gv)$/.test(file)) return dot
  if (file.endsWith('.ltl')) return ltl
  if (/\.ya?ml$/.test(file)) return yaml()
  if (/\.[ch]$/.test(file)) return cpp()
  return []
}

interface DotState {
  comment: boolean
  /** Inside quotes: the value of which attribute, or the name of a node. */
  string: 'no' | 'name' | 'label' | 'other'
  /** Behind the `;` of an event's guard or the line break of a state's label. */
  condition: boolean
  /** In an attribute list, and which key stands before the `=`. */
  list: boolean
  key: string
}

/** rvgen's DOT: labels hold events, guards and limits, which are words of their own. */
const dot = StreamLanguage.define<DotState>({
  name: 'dot',
  startState: () => ({ comment: false, string: 'no', condition: false, list: false, key: '' }),
  token(stream, state) {
    if (state.comment) {
      if (stream.match(/.*?\*\//)) state.comment = false
      else stream.skipToEnd()
      return 'comment'
    }
    if (state.string !== 'no') return inString(stream, state)
    if (stream.eatSpace()) return null
    if (stream.match(/\/\/.*|#.*/)) return 'comment'
    if (stream.match('/*')) {
      state.comment = true
      return 'comment'
    }
    if (stream.eat('"')) {
      state.string = !state.list ? 'name' : state.key === 'label' ? 'label' : 'other'
      state.condition = false
      return 'punctuation'
    }
    if (stream.match(/->|--/)) return 'operator'
    if (stream.match(/[A-Za-z_0-9.]+/)) {
      const word = stream.current()
      if (/^(strict|graph|digraph|subgraph|node|edge)$/i.test(word)) return 'keyword'
      if (!state.list) return 'variableName'
      if (!stream.match(/\s*=/, false)) return 'atom'
      state.key = word
      return 'propertyName'
    }
    const c = stream.next()
    if (c === '[') state.list = true
    if (c === ']') state.list = false
    if (c === '[' || c === ']' || c === ',') state.key = ''
    return 'punctuation'
  },
  languageData: { commentTokens: { line: '//' }, closeBrackets: { brackets: ['{', '[', '"'] } }
})

function inString(stream: StringStream, state: DotState): string | null {
  if (stream.sol()) {
    // A string ends on its line in this dialect.
    state.string = 'no'
    return null
  }
  if (stream.eat('"')) {
    state.string = 'no'
    return 'punctuation'
  }
  if (state.string === 'name') {
    stream.match(/[^"]+/)
    return 'variableName'
  }
  if (state.string === 'other') {
    stream.match(/[^"]+/)
    return 'string'
  }
  if (stream.match('\\n')) {
    state.condition = false
    return 'escape'
  }
  if (stream.eatSpace()) return null
  if (stream.eat(';')) {
    state.condition = true
    return 'punctuation'
  }
  if (stream.match(/==|!=|<=|>=|<|>|&&|\|\|/)) {
    state.condition = true
    return 'operator'
  }
  if (stream.match(/[0-9]+(ns|us|ms|s|j)?/)) return 'number'
  if (stream.match(/reset(?=\s*\()/)) return 'keyword'
  if (stream.match(/[A-Za-z_][A-Za-z0-9_]*/)) {
    // `clk < 10us` behind a state's name has no `;` before it.
    const compares = stream.match(/\s*(==|!=|<=|>=|<|>)/, false) !== null
    return state.condition || compares ? 'variableName.special' : 'string'
  }
  stream.next()
  return 'punctuation'
}

const OPERATORS = new Set<string>([...UNARY_OPERATORS, ...BINARY_OPERATORS])

const ltl = StreamLanguage.define({
  name: 'ltl',
  token(stream) {
    if (stream.eatSpace()) return null
    if (stream.match(/#.*/)) return 'comment'
    if (stream.match(/[A-Za-z0-9_]+/)) {
      const word = stream.current()
      if (OPERATORS.has(word)) return 'keyword'
      if (word === 'true' || word === 'false') return 'atom'
      return stream.match(/\s*=/, false) ? 'variableName.definition' : 'variableName'
    }
    stream.next()
    return 'punctuation'
  },
  languageData: { commentTokens: { line: '#' } }
})
