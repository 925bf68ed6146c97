/** One command of a line: its words, and where its output goes. */
export interface SimpleCommand {
  readonly words: readonly string[]
  readonly redirect: { readonly path: string; readonly append: boolean } | undefined
}

/** Commands of which each one reads the output of the one before. */
export type Pipeline = readonly SimpleCommand[]

/** Pipelines, and whether the one before must have succeeded (`&&`). */
export type CommandList = readonly { readonly pipeline: Pipeline; readonly ifDone: boolean }[]

/** A line that cannot be taken apart; the message is one sentence. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError'
}

type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'operator'; readonly text: '|' | ';' | '&&' | '>' | '>>' }

const UNSUPPORTED = 'The simulated kernel’s shell has no'

/**
 * Takes a line apart as a POSIX shell does, as far as the small shell of the simulated kernel goes:
 * quotes, backslashes, `|`, `;`, `&&`, `>`, `>>` and comments.
 *
 * @throws ShellSyntaxError for what it does not know, rather than doing something else
 */
export function parseShellLine(line: string): CommandList {
  const list: { pipeline: Pipeline; ifDone: boolean }[] = []
  let pipeline: SimpleCommand[] = []
  let words: string[] = []
  let redirect: SimpleCommand['redirect']
  let ifDone = false
  const endCommand = (operator: string): void => {
    if (words.length === 0) throw new ShellSyntaxError(`There is no command before ${operator}.`)
    pipeline.push({ words, redirect })
    words = []
    redirect = undefined
  }
  const tokens = tokensOf(line)
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]
    if (token === undefined) break
    if (token.kind === 'word') {
      words.push(token.text)
      continue
    }
    switch (token.text) {
      case '>':
      case '>>': {
        const target = tokens[++i]
        if (target?.kind !== 'word') {
          throw new ShellSyntaxError(`A file is expected behind ${token.text}.`)
        }
        redirect = { path: target.text, append: token.text === '>>' }
        break
      }
      case '|':
        endCommand('|')
        break
      default:
        endCommand(token.text)
        list.push({ pipeline, ifDone })
        pipeline = []
        ifDone = token.text === '&&'
    }
  }
  if (words.length > 0 || redirect !== undefined) {
    endCommand('the end of the line')
    list.push({ pipeline, ifDone })
  } else if (pipeline.length > 0 || ifDone) {
    throw new ShellSyntaxError('The line ends where a command is expected.')
  }
  return list
}

function tokensOf(line: string): Token[] {
  const tokens: Token[] = []
  let word: string | undefined
  const endWord = (): void => {
    if (word !== undefined) tokens.push({ kind: 'word', text: word })
    word = undefined
  }
  for (let i = 0; i < line.length; i++) {
    const c = line[i] ?? ''
    if (c === ' ' || c === '\t') endWord()
    else if (c === '#' && word === undefined) break
    else if (c === "'" || c === '"') {
      const end = line.indexOf(c, i + 1)
      if (end < 0) throw new ShellSyntaxError(`The quote ${c} is not closed.`)
      const inside = line.slice(i + 1, end)
      if (c === '"' && /[$`]/.test(inside)) throw new ShellSyntaxError(`${UNSUPPORTED} variables.`)
      word = (word ?? '') + inside
      i = end
    } else if (c === '\\') {
      word = (word ?? '') + (line[++i] ?? '')
    } else if (c === '$' || c === '`') {
      throw new ShellSyntaxError(`${UNSUPPORTED} variables.`)
    } else if (c === '*' || c === '?' || c === '[') {
      throw new ShellSyntaxError(`${UNSUPPORTED} patterns for file names: quote ${c}.`)
    } else if (c === '<' || c === '(' || c === ')' || c === '{' || c === '}') {
      throw new ShellSyntaxError(`${UNSUPPORTED} ${c}.`)
    } else if (c === '|' || c === ';' || c === '&' || c === '>') {
      const two = c + (line[i + 1] ?? '')
      // A number before it names a file descriptor.
      if (c === '>' && word !== undefined && /^\d$/.test(word)) {
        throw new ShellSyntaxError(`${UNSUPPORTED} file descriptors.`)
      }
      endWord()
      if (two === '||') throw new ShellSyntaxError(`${UNSUPPORTED} ||.`)
      if (two === '&&' || two === '>>') {
        tokens.push({ kind: 'operator', text: two })
        i++
      } else if (c === '&') throw new ShellSyntaxError(`${UNSUPPORTED} background commands.`)
      else tokens.push({ kind: 'operator', text: c })
    } else word = (word ?? '') + c
  }
  endWord()
  return tokens
}
