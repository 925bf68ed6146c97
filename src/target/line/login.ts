import { randomBytes } from 'node:crypto'

import type { Authenticator } from '../ssh-master'
import { isPrompt } from '../ssh-words'
import { SUMMING } from './checksum'
import { lastLine, type Dialogue } from './dialogue'
import { ENCODING, farEnd, loader, loaderLines, type Tools } from './script'

/** Time for a link to show a prompt or a shell, ms, without that in which a user answers. */
const PATIENCE = 45_000
const MOST_QUESTIONS = 30

const LOGIN = /(?:login|user ?name|user|account) ?: ?$/i
const SECRET = /(?:password|passphrase|passcode|\bpin\b|token|code)[^\n]*: ?$/i

export interface LoginOptions {
  /** Names the target in sentences. */
  readonly name: string
  readonly auth: Authenticator | undefined
  readonly onProgress: (message: string) => void
}

/** What a shell said of itself. */
interface Shell {
  readonly uid: string
  readonly has: ReadonlySet<string>
}

const WANTED = [...SUMMING, ...ENCODING, 'gzip', 'mkfifo', 'mknod', 'stty', 'dd', 'sudo'] as const

/** Gets to a shell at the other end of a link and starts line.sh there, as root. */
export class Login {
  /** Whether it was this that logged in, so that the shell ends with the connection. */
  private loggedIn = false
  private questions = 0
  /** Whether a loader may be there that waits for more. */
  hasBegun = false

  constructor(
    private readonly dialogue: Dialogue,
    private readonly options: LoginOptions
  ) {}

  /** Rejects with an Error of one clear sentence. */
  async start(connection: string): Promise<Tools> {
    const { name, onProgress } = this.options
    onProgress(`Looking for a shell on ${name} …`)
    const shell = await this.findShell()
    const tools = this.toolsOf(shell)
    onProgress(`Sending the agent to ${name} …`)
    this.hasBegun = true
    await this.startLoader(tools, shell)
    await this.send(loaderLines(farEnd(connection, tools), tools.summing), connection)
    return tools
  }

  /** A shell is known by a mark that it writes, not by its prompt. */
  private async findShell(): Promise<Shell> {
    const { dialogue, options } = this
    let end = performance.now() + PATIENCE
    // A program that was just started may ask at once; at the end of a line waits a prompt
    // that was shown long ago.
    await dialogue.quiet(700, 3_000)
    if (!asks(lastPiece(dialogue.text))) {
      dialogue.type('\n')
      await dialogue.quiet(400, 3_000)
    }
    for (let round = 0; performance.now() < end; round++) {
      const tail = lastPiece(dialogue.text)
      if (LOGIN.test(tail) || SECRET.test(tail) || (round > 1 && asks(tail))) {
        const before = performance.now()
        await this.answer(tail)
        this.loggedIn ||= LOGIN.test(tail) || SECRET.test(tail)
        end += performance.now() - before
        round = 0
        continue
      }
      const before = dialogue.own
      const shell = await this.probe()
      if (shell) return shell
      // A far end of the panel, which does not echo, may still be there from a panel that was
      // killed. A line that was cut may have left a quote open; the interrupt that ends it may
      // also end a shell, and the next one loses what is typed while it starts: so not each time.
      const leave = round % 2 === 0 ? '\n' : '\u0003\n'
      dialogue.type(dialogue.own === before ? '\nrvpanel-leave\n' : leave)
      await dialogue.quiet(500, 3_000)
    }
    const last = lastLine(dialogue.text)
    throw new Error(
      last === ''
        ? `${options.name} does not answer: neither a login prompt nor a shell within ${String(PATIENCE / 1000)} seconds.`
        : `No shell was found on ${options.name}: it says ${JSON.stringify(last)}.`
    )
  }

  private async answer(question: string): Promise<void> {
    const { auth, name } = this.options
    if (++this.questions > MOST_QUESTIONS) throw new Error(`${name} asks without end.`)
    if (!auth) {
      throw new Error(`${name} asks ${JSON.stringify(question.trim())}, and no one can answer.`)
    }
    const answer = await auth.ask({ text: this.dialogue.text, secret: SECRET.test(question) })
    if (answer === undefined) throw new Error('The connection was cancelled.')
    const { mark } = this.dialogue
    // eslint-disable-next-line no-control-regex -- a control character would be a key press
    this.dialogue.type(`${answer.replace(/[\u0000-\u001f\u007f]/g, '')}\n`)
    // A refused password takes login some seconds.
    for (let tries = 0; tries < 20; tries++) {
      await this.dialogue.quiet(500, 3_000)
      if (this.dialogue.mark.length !== mark.length && lastPiece(this.dialogue.text) !== '') return
    }
  }

  private async probe(): Promise<Shell | undefined> {
    const nonce = randomBytes(4).toString('hex')
    // All of it twice, in place of a checksum.
    this.dialogue.type(
      ` sh -c 't=;for p in ${WANTED.join(' ')};do command -v $p >/dev/null 2>&1&&t=$t.$p;done;` +
        `t="$(id -u) $t";printf "\\002P${nonce} %s %s\\003" "$t" "$t"'\n`
    )
    const found = await this.dialogue.find(
      new RegExp(`\\u0002P${nonce} (([0-9]*) ([.a-z0-9]*)) \\1\\u0003`),
      5_000
    )
    if (!found) return undefined
    return { uid: found[2] ?? '', has: new Set((found[3] ?? '').split('.')) }
  }

  private toolsOf({ has }: Shell): Tools {
    const { name } = this.options
    const summing = SUMMING.find((tool) => has.has(tool))
    const encoding = ENCODING.find((tool) => has.has(tool))
    const missing = [
      ...(summing ? [] : [`a checksum (one of ${SUMMING.join(', ')})`]),
      ...(encoding ? [] : [`a way to write bytes as text (one of ${ENCODING.join(', ')})`]),
      ...(has.has('mkfifo') || has.has('mknod') ? [] : ['mkfifo or mknod']),
      ...(has.has('dd') ? [] : ['dd']),
      ...(has.has('od') ? [] : ['od'])
    ]
    if (!summing || !encoding || missing.length > 0) {
      throw new Error(`The shell on ${name} lacks what the panel needs: ${missing.join('; ')}.`)
    }
    const slow = [
      ...(has.has('gzip') ? [] : ['gzip, so that traces take ten times as long']),
      ...(has.has('stty') ? [] : ['stty, so that everything sent is echoed'])
    ]
    if (slow.length > 0) this.options.onProgress(`${name} lacks ${slow.join(', and ')}.`)
    return { summing, encoding, zip: has.has('gzip') }
  }

  private async startLoader(tools: Tools, { uid, has }: Shell): Promise<void> {
    const { dialogue, options } = this
    const asRoot = uid === '0'
    if (!asRoot && !has.has('sudo')) {
      throw new Error(`The shell on ${options.name} is not root's and has no sudo: log in as root.`)
    }
    const typed = ` ${this.loggedIn ? 'exec ' : ''}${asRoot ? '' : 'sudo '}${loader(tools.summing)}\n`
    for (let tries = 0; tries < 4; tries++) {
      dialogue.forget()
      dialogue.type(typed)
      // eslint-disable-next-line no-control-regex -- the marks of the loader
      const ready = /\u0002L0\u0003/
      for (;;) {
        if (await dialogue.find(ready, asRoot ? 5_000 : 2_500)) return
        const tail = lastPiece(dialogue.text)
        if (asRoot || !SECRET.test(tail)) break
        await this.answer(tail)
      }
      if (!asRoot) {
        const { text } = dialogue
        const said = lastLine(text.match(/^.*\bsudo(?:ers)?\b(?! sh -c).*$/gm)?.at(-1) ?? text)
        throw new Error(`sudo on ${options.name} did not make the panel root: ${said}`)
      }
      dialogue.type('\u0003\n')
      await dialogue.quiet(400, 3_000)
    }
    throw new Error(`The shell on ${options.name} did not start the panel's loader.`)
  }

  /** Sends each line until the loader has it; resolves when line.sh has greeted. */
  private async send(lines: readonly string[], connection: string): Promise<void> {
    const { dialogue, options } = this
    const progress = /\u0002L([0-9]+)\u0003(?![\s\S]*\u0002L[0-9]+\u0003)/ // eslint-disable-line no-control-regex -- the marks of the loader
    const greeting = new RegExp(`\\u0002${connection} [0-9]+ ([hx])\\.\\S+ \\1 ([a-z0-9]+)`)
    let n = 0
    let failures = 0
    while (n < lines.length - 1) {
      dialogue.forget()
      dialogue.type(`${failures > 0 ? '\n' : ''}${lines[n] ?? ''}\n`)
      const found = await dialogue.find(progress, 2_000)
      const next = found ? Number(found[1]) : n
      if (next === n + 1) failures = 0
      else if (++failures > 20) break
      if (next < lines.length) n = next
      // A line that arrives twice is answered twice.
      if (failures > 0) await dialogue.quiet(200, 1_000)
    }
    for (let tries = 0; failures <= 20 && tries < 4; tries++) {
      dialogue.forget()
      dialogue.type(`${tries > 0 ? '\n' : ''}${lines.at(-1) ?? ''}\n`)
      const found = await dialogue.find(greeting, 3_000)
      if (found?.[1] === 'h') return
      if (found) {
        throw new Error(
          `No folder on ${options.name} takes a pipe: tried TMPDIR or /tmp, /run, /dev/shm, /var/tmp and /dev.`
        )
      }
    }
    throw new Error(
      `${options.name} did not take the panel's agent: the line damages too much of it.`
    )
  }
}

/** What follows the last newline: a prompt waits there. */
function lastPiece(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1)
}

/** A question that is no shell's prompt, of a gateway or a menu. */
function asks(tail: string): boolean {
  return isPrompt(tail) && !/[#$%>] ?$/.test(tail)
}
