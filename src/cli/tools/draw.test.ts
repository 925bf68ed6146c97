import { access, link, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDot } from '../../model/dot'
import { readDrawing } from '../../model/draw/text/reader.testing'
import { MODELS, rvpanel } from './testing'
import type { Outcome } from './testing'

const WIP = join(MODELS, 'wip.dot')
const NOMISS = join(MODELS, 'nomiss.dot')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rvpanel-draw-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

interface World {
  readonly input?: readonly string[]
  readonly columns?: number
  readonly stopped?: boolean
}

interface Drawn extends Outcome {
  /** What went to standard output as bytes. */
  readonly bytes: Uint8Array
}

async function draw(args: readonly string[], world: World = {}): Promise<Drawn> {
  const stop = new AbortController()
  if (world.stopped === true) stop.abort()
  let bytes = new Uint8Array()
  const said = await rvpanel(['draw', ...args], {
    ...(world.columns === undefined
      ? {
          outBytes: (content: Uint8Array) => {
            bytes = new Uint8Array(content)
            return Promise.resolve()
          }
        }
      : { columns: world.columns }),
    input: { stream: Readable.from(world.input ?? []), terminal: undefined },
    stop: stop.signal
  })
  return { ...said, bytes }
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

describe('rvpanel draw', () => {
  it('draws with characters where nothing else is asked for', async () => {
    const { code, out, err } = await draw([WIP])
    expect([code, err]).toEqual([0, ''])
    const { states } = readDrawing(out.trimEnd().split('\n'), 'unicode')
    expect(states.map(({ name }) => name)).toEqual(['preemptive', 'non_preemptive'])
  })

  it('fits the terminal, and what it is told rather than that', async () => {
    const width = (text: string): number => Math.max(...text.split('\n').map((l) => l.length))
    const wide = await draw([NOMISS], { columns: 120 })
    const narrow = await draw([NOMISS], { columns: 66 })
    expect(width(wide.out)).toBeGreaterThan(66)
    expect(width(narrow.out)).toBeLessThanOrEqual(66)
    expect(width((await draw([NOMISS, '--width', '66'], { columns: 120 })).out)).toBe(
      width(narrow.out)
    )
  })

  it('draws what its documentation shows', async () => {
    const docs = join(MODELS, '../docs')
    const text = await readFile(join(docs, 'draw.md'), 'utf8')
    const shown = (out: string): string => out.trimEnd().replace(/^(?=.)/gm, '    ')
    expect(text).toContain(shown((await draw([WIP])).out))
    const comment = await draw([join(MODELS, 'stall.dot'), '--comment', '--charset', 'ascii'])
    expect(text).toContain(shown(comment.out))
    expect(text).toContain(shown((await draw([join(MODELS, 'pagefault.ltl')])).out))
    const svg = await draw([join(MODELS, 'stall.dot'), '-T', 'svg'])
    expect(svg.out).toBe(await readFile(join(docs, 'draw-stall.svg'), 'utf8'))
  })

  it('lists what is too wide to be drawn, and says so', async () => {
    const { code, out, err } = await draw([NOMISS, '--width', '30', '--charset', 'ascii'])
    expect(code).toBe(0)
    expect(err).toMatch(
      /^rvpanel: listed instead of drawn: the narrowest drawing has \d+ columns, and there are 30\n$/
    )
    expect(out).toContain('ready: (initial, final,\n        clk<DEADLINE_NS())\n')
    expect(out).toMatch(/^ {4}dl_throttle; is_defer==1 +-> throttled$/m)
    const { automaton } = parseDot(await readFile(NOMISS, 'utf8'), 'nomiss.dot')
    expect(out.match(/ -> /g)).toHaveLength(automaton!.transitions.length)
  })

  it('makes a comment of 80 columns', async () => {
    const { code, out } = await draw([NOMISS, '--comment', '--charset', 'ascii'])
    expect(code).toBe(0)
    expect(out).toMatch(/^\/\*\n( \*.*\n)+ \*\/\n$/)
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('prints DOT that is the same automaton', async () => {
    const { out } = await draw([NOMISS, '-T', 'dot'])
    const before = parseDot(await readFile(NOMISS, 'utf8'), 'nomiss.dot').automaton
    expect(parseDot(out, 'nomiss.dot').automaton).toEqual(before)
    expect((await draw(['-T', 'dot', '-'], { input: [out] })).out).toBe(out)
  })

  it('prints the Büchi automaton of a formula as DOT that says what it is', async () => {
    const { code, out } = await draw([join(MODELS, 'pagefault.ltl'), '-T', 'dot'])
    expect(code).toBe(0)
    expect(out).toContain('label = "Büchi automaton of RULE = always (RT imply (not PAGEFAULT))"')
    expect(out).toContain('"S0" [label = "S0\\n!RT || !PAGEFAULT"]')
    expect(out).toContain('"S0" -> "S0"')
  })

  it('makes what the ending of the output says', async () => {
    for (const [name, begin] of [
      ['a.svg', '<svg '],
      ['a.dot', 'digraph "wip" {'],
      ['a.gv', 'digraph "wip" {'],
      ['a.txt', ' '],
      ['a.png', 'PNG']
    ] as const) {
      const path = join(folder, name)
      expect(await draw([WIP, '-o', path])).toMatchObject({ code: 0, out: '', err: '' })
      const content = await readFile(path, 'latin1')
      expect(content.slice(name === 'a.png' ? 1 : 0)).toMatch(new RegExp(`^${begin}`))
    }
    const { code, err } = await draw([WIP, '-o', join(folder, 'a.jpeg')])
    expect(code).toBe(2)
    expect(err).toMatch(/a\.jpeg" does not say what to make; expected -T, or a name that ends in/)
  })

  it('scales a PNG, but not beyond all measure', async () => {
    const sizeOf = ({ bytes }: Drawn): number => new DataView(bytes.buffer).getUint32(16)
    const one = await draw([WIP, '-T', 'png', '--scale', '1'])
    const three = await draw([WIP, '-T', 'png', '--scale', '3', '--theme', 'dark'])
    expect([one.code, three.code]).toEqual([0, 0])
    expect(sizeOf(one)).toBeGreaterThan(100)
    expect(sizeOf(three)).toBe(3 * sizeOf(one))
    const { code, err } = await draw([NOMISS, '-T', 'png', '--scale', '16'])
    expect(code).toBe(1)
    expect(err).toMatch(
      /^rvpanel: the picture would have \d+ x \d+ pixels; expected at most 40 million .*\n$/
    )
  })

  it('sends no PNG to a terminal', async () => {
    const { code, err } = await draw([WIP, '-T', 'png'], { columns: 80 })
    expect([code, err]).toEqual([2, 'rvpanel: a png is not for a terminal; expected -o FILE\n'])
  })

  it('reads a model or a formula from standard input, in any pieces', async () => {
    const text = await readFile(WIP, 'utf8')
    const { code, out } = await draw(['-'], { input: [text.slice(0, 99), text.slice(99)] })
    expect([code, out]).toEqual([0, (await draw([WIP])).out])
    const ltl = await draw(['-'], { input: ['RULE = always ', '(A imply B)'] })
    expect(ltl.code).toBe(0)
    expect(ltl.out).toMatch(/^RULE = always \(A imply B\)\n\n/)
  })

  it('never writes over its model', async () => {
    const path = await file('m.dot', await readFile(WIP, 'utf8'))
    const other = join(folder, 'same.dot')
    await link(path, other)
    for (const output of [path, other]) {
      const { code, err } = await draw([path, '-o', output])
      expect(code).toBe(2)
      expect(err).toMatch(/ is the model itself; expected another file for -o\n$/)
    }
    expect(await readFile(path, 'utf8')).toBe(await readFile(WIP, 'utf8'))
  })

  it('reports what is wrong with a model, writes nothing and exits with 1', async () => {
    const path = await file('bad.dot', 'digraph bad {\n  "a" -> \n}\n')
    const output = join(folder, 'bad.svg')
    const { code, out, err } = await draw([path, '-o', output])
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/bad\.dot:\d+:\d+: error: .*\[[a-z-]+\]\n/)
    await expect(access(output)).rejects.toThrow()
  })

  it('draws a model with warnings, which are the business of check', async () => {
    const text = (await readFile(WIP, 'utf8')).replace('digraph wip', 'digraph other')
    const path = await file('with blank.dot', text)
    const { code, out, err } = await draw([path])
    expect(code).toBe(0)
    expect(err).toBe('')
    expect(out).toContain('preemptive')
  })

  it.each([
    [
      ['x.txt'],
      2,
      /expected a model \(\.dot, \.gv, \.ltl, or a generated \.h\), or - for standard input, got "x\.txt"/
    ],
    [['/nowhere/x.dot'], 1, /\/nowhere\/x\.dot cannot be read: No such file or directory/],
    [['/dev/null.dot'], 1, /cannot be read: No such file/],
    [[WIP, '-T', 'gif'], 2, /Allowed choices are svg, png, dot, txt/],
    [[WIP, '--scale', '2'], 2, /--scale is for png, and this is txt/],
    [[WIP, '-T', 'svg', '--comment'], 2, /--comment is for txt, and this is svg/],
    [[WIP, '-T', 'png', '--scale', '0'], 2, /--scale expects a number from 0\.1 to 16, got "0"/],
    [[WIP, '--width', '3'], 2, /--width expects a whole number from 10 to 10000/],
    [
      [WIP, '-o', '/nowhere/x.txt'],
      1,
      /"\/nowhere\/x\.txt" cannot be written: No such file or directory/
    ],
    [[], 2, /missing required argument 'file'/]
  ])('refuses %j', async (args, exit, sentence) => {
    const { code, out, err } = await draw(args)
    expect([code, out]).toEqual([exit, ''])
    expect(err).toMatch(sentence)
    expect(err.trimEnd()).not.toContain('\n')
  })

  it('gives a layout up that takes too long, and says what helps', async () => {
    const { code, err } = await draw([NOMISS, '-T', 'svg', '--timeout', '0.001'])
    expect(code).toBe(1)
    expect(err).toMatch(/^rvpanel: the layout took longer than 0\.001 s; .*--timeout.*-T dot.*\n$/)
  })

  it('stops at a signal', async () => {
    const { code, err } = await draw([NOMISS, '-T', 'svg'], { stopped: true })
    expect([code, err]).toEqual([1, 'rvpanel: stopped before anything was drawn\n'])
  })
})
