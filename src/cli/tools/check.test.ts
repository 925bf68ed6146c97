import { execFileSync } from 'node:child_process'
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  symlink,
  truncate,
  writeFile
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MODELS as models, rvpanel as runRvpanel } from './testing'
import type { Outcome } from './testing'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rvpanel-check-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function rvpanel(args: readonly string[], input = '', color = false): Promise<Outcome> {
  const { code, out, err } = await runRvpanel(args, {
    color,
    input: { stream: Readable.from([Buffer.from(input)]), terminal: undefined }
  })
  // Whatever is said is about the files of the test.
  return { code, out: out.replaceAll(`${folder}/`, ''), err: err.replaceAll(`${folder}/`, '') }
}

const check = (...args: readonly string[]): Promise<Outcome> => rvpanel(['check', ...args])

async function write(name: string, text: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

const GOOD = `digraph m {
\t"__init_a" [label = ""]
\t"a" [label = "a"]
\t"b" [label = "b"]
\t"__init_a" -> "a"
\t"a" -> "b" [label = "go"]
\t"b" -> "a" [label = "back"]
}
`
const withLine = (line: string): string => GOOD.replace(/}\n$/, `\t${line}\n}\n`)

describe('check', () => {
  it('finds nothing but a true note in the models of the program, with all that belongs to them', async () => {
    const { code, out } = await check(models)
    const files = (await readdir(models)).filter((name) => !name.endsWith('.md'))
    expect(out).toContain('pagefault.yaml:1:1: note: After a violation at `PAGEFAULT` ')
    expect(out).toMatch(new RegExp(`\n${files.length} files checked: 1 note\n$`))
    expect(code).toBe(0)
    // One by one the models have their instrumentation beside them too.
    expect((await check(join(models, 'nrp.dot'), join(models, 'nomiss.yaml'))).code).toBe(0)
  })

  it('shows a finding with its line, a mark and the fix', async () => {
    const path = await write('m.dot', withLine('"a" -> "b" [label = "fly"]'))
    expect(await check(path)).toEqual({
      code: 1,
      out:
        'm.dot:8:23: warning: A second edge from `a` to `b`: only the first label (line 6, column 23) counts, so `fly` is lost; expected one edge with the events joined by `\\n`. [duplicate-edge]\n' +
        '  8 | \t"a" -> "b" [label = "fly"]\n' +
        '    | \t                     ^~~\n' +
        '    = fix: Join the events in the first edge\n' +
        '1 file checked: 1 warning (--fix mends 1)\n',
      err: ''
    })
  })

  it('has colours on a terminal alone', async () => {
    const path = await write('m.dot', '')
    const plain = await check(path)
    const painted = await rvpanel(['check', path], '', true)
    expect(plain.out).not.toContain('\x1b')
    expect(painted.out).toContain('\x1b[1;31merror:\x1b[0m')
    // eslint-disable-next-line no-control-regex -- the escapes are what is looked for
    const bare = painted.out.replace(/\x1b\[[0-9;]*m/g, '')
    expect(bare).toBe(plain.out)
    expect((await rvpanel(['check', '--format', 'json', path], '', true)).out).not.toContain('\x1b')
  })

  it('reads standard input, under a name', async () => {
    const named = await rvpanel(['check', '-', '--name', 'x/spec.ltl'], 'RULE = always A imply B\n')
    expect(named.out).toMatch(/^x\/spec\.ltl:1:8: warning: /)
    expect((await rvpanel(['check', '-'], GOOD)).out).toBe('1 file checked: nothing found\n')
    expect((await rvpanel(['check', '-', '-c', 'ltl'], 'RULE = always A\n')).code).toBe(0)
  })

  it('counts notes where it is asked to, and leaves out what is less bad', async () => {
    const path = await write('m.dot', withLine('"b" -> "b" [label = "int"]'))
    const found = await check(path)
    expect(found.code).toBe(0)
    expect(found.out).toContain('1 note')
    expect((await check('--strict', path)).code).toBe(1)
    expect(await check('--severity', 'warning', '--strict', path)).toMatchObject({
      code: 0,
      out: '1 file checked: nothing found\n'
    })
  })

  it('asks for a class', async () => {
    const path = await write('m.dot', GOOD)
    expect((await check('-c', 'da', path)).code).toBe(0)
    const { code, out } = await check('-c', 'ha', path)
    expect(code).toBe(1)
    expect(out).toContain("Detected deterministic automaton, use the 'da' class")
  })

  it('writes JSON', async () => {
    const path = await write('m.dot', withLine('"c"'))
    const { code, out } = await check('--format', 'json', path)
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      files: [
        {
          path: 'm.dot',
          diagnostics: [
            {
              severity: 'error',
              code: 'bare-node',
              line: 8,
              column: 3,
              fixes: [{ title: 'Add `label = "c"`' }]
            }
          ]
        }
      ],
      summary: { files: 1, errors: 1, warnings: 0, notes: 0 }
    })
  })

  it('writes SARIF', async () => {
    const path = await write('m.dot', withLine('"c"'))
    const { code, out } = await check('--format', 'sarif', path, join(folder, 'missing.dot'))
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'bare-node' }, { ruleId: 'unreadable', level: 'error' }] }]
    })
  })
})

describe('wrong usage', () => {
  it.each([
    [['check'], 'missing required argument'],
    [['check', '--frmat', 'json', 'x.dot'], 'unknown option'],
    [['check', '--format', 'xml', 'x.dot'], '--format expects human, json, sarif; got "xml"'],
    [['check', '-c', 'nfa', 'x.dot'], '-c expects da, ha, ltl; got "nfa"'],
    [['check', '--dry-run', 'x.dot'], '--dry-run says what --fix would do'],
    [['check', '--fix', '-'], '--fix writes files'],
    [['check', '--name', 'x', 'x.dot'], '--name is what standard input is called']
  ])('%j', async (args, sentence) => {
    const { code, out, err } = await rvpanel(args)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toContain(sentence)
    expect(err.trim()).not.toContain('\n')
  })
})

describe('--fix', () => {
  const broken = withLine('// why\n\t"c"\n\t"b" -> "a" [label = "home"]')

  it('mends the file and says what it did', async () => {
    const path = await write('m.dot', broken)
    await chmod(path, 0o640)
    const { code, out } = await check('--fix', path)
    expect(out).toContain('m.dot:8:2: fixed: Remove the comment [comment]\n')
    expect(out).toContain('fixed: Add `label = "c"` [bare-node]\n')
    const text = await readFile(path, 'utf8')
    expect(text).toContain('"c" [label = "c"]')
    expect(text).toContain('[label = "back\\nhome"]')
    expect(text).not.toContain('why')
    // What is left is the author's: nothing leads to the state c.
    expect(code).toBe(1)
    expect(out).toMatch(/unreachable-state[^]*1 file checked: 2 warnings\n$/)
    expect((await stat(path)).mode & 0o777).toBe(0o640)
    expect(await readdir(folder)).toEqual(['m.dot'])
    expect((await check('--fix', path)).out).not.toContain('fixed:')
  })

  it('writes nothing with --dry-run, and shows the lines', async () => {
    const path = await write('m.dot', broken)
    const { code, out } = await check('--fix', '--dry-run', path)
    expect(await readFile(path, 'utf8')).toBe(broken)
    expect(out).toContain('m.dot:8:2: would fix: Remove the comment [comment]\n')
    const changed = out.split('\n').filter((line) => /^ {2}[-+]\d+ \|/.test(line))
    expect(changed).toHaveLength(6)
    expect(changed[0]).toMatch(/^ {2}-7 \| +"b" -> "a" \[label = "back"\]$/)
    expect(changed.at(-1)).toMatch(/^ {2}\+8 \| +"c" \[label = "c"\]$/)
    expect(code).toBe(1)
  })

  it('writes through a link, and leaves files alone in which nothing is mended', async () => {
    await write('m.dot', `\ufeff${GOOD}`)
    const link = join(folder, 'link.dot')
    await symlink('m.dot', link)
    const sound = await write('sound.dot', GOOD)
    const before = await lstat(sound)
    expect((await check('--fix', link, sound)).code).toBe(0)
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect(await readFile(join(folder, 'm.dot'), 'utf8')).toBe(GOOD)
    expect((await lstat(sound)).ino).toBe(before.ino)
  })

  it('keeps line ends', async () => {
    const path = await write('m.dot', broken.replaceAll('\n', '\r\n'))
    await check('--fix', path)
    expect(await readFile(path, 'utf8')).not.toMatch(/[^\r]\n/)
  })
})

describe('files that are none', () => {
  /** The codes of what is said, in order. */
  async function codes(...paths: readonly string[]): Promise<string[]> {
    const { code, out, err } = await check('--format', 'json', ...paths)
    expect(err).toBe('')
    const { files } = JSON.parse(out) as { files: { diagnostics: { code: string }[] }[] }
    const found = files.flatMap((f) => f.diagnostics.map((d) => d.code))
    expect(code).toBe(found.length > 0 ? 1 : 0)
    return found
  }

  it.each([
    ['empty', '', ['empty']],
    ['truncated', GOOD.slice(0, 60), ['syntax']],
    ['truncated in a string', GOOD.slice(0, GOOD.indexOf('go') + 1), ['unterminated-string']],
    ['with a byte order mark', `\ufeff${GOOD}`, ['byte-order-mark']],
    ['with CR LF', GOOD.replaceAll('\n', '\r\n'), []],
    ['with CR', GOOD.replaceAll('\n', '\r'), []],
    ['with a NUL', GOOD.replace('go', 'g\0'), ['binary']],
    ['a program', '\x7fELF\x02\x01\x01\0\0', ['binary']]
  ])('%s', async (_, text, expected) => {
    expect(await codes(await write('m.dot', text))).toEqual(expected)
  })

  it('not UTF-8: the byte is named', async () => {
    const path = await write('m.dot', Buffer.from(GOOD.replace('go', 'gö'), 'latin1'))
    const { out } = await check(path)
    expect(out).toContain(`m.dot:6:24: error: Byte ${GOOD.indexOf('go') + 2} (0xf6) is not UTF-8`)
  })

  it('recursive in its definitions', async () => {
    expect(await codes(await write('m.ltl', 'RULE = always A\nA = B\nB = A\n'))).toContain('cycle')
  })

  it('larger than any model: it is not read', async () => {
    const path = await write('m.dot', '')
    await truncate(path, 100 << 20)
    expect(await codes(path)).toEqual(['file-too-large'])
  })

  it('missing, in a file, and of another kind', async () => {
    const file = await write('notes.txt', 'hello')
    expect(await codes(join(folder, 'no.dot'))).toEqual(['unreadable'])
    expect(await codes(join(file, 'no.dot'))).toEqual(['unreadable'])
    expect(await codes(file)).toEqual(['unknown-ending'])
    expect((await check(join(folder, 'no.dot'))).out).toContain('There is no file "')
  })

  it('pipes and devices, named or met in a folder', async () => {
    const pipe = join(folder, 'pipe.dot')
    execFileSync('mkfifo', [pipe])
    expect(await codes(pipe)).toEqual(['not-a-file'])
    expect(await codes(folder)).toEqual(['not-a-file'])
    expect(await codes('-c', 'da', '/dev/zero')).toEqual(['not-a-file'])
  })

  it('folders with links in a circle, without models, and hidden ones', async () => {
    expect(await codes(folder)).toEqual(['no-models'])
    const inner = join(folder, 'a', 'b')
    await mkdir(inner, { recursive: true })
    await symlink('../..', join(inner, 'up'))
    expect(await codes(folder)).toEqual(['no-models'])
    expect(await codes(folder, inner, folder)).toEqual(['no-models'])
    await symlink('gone', join(inner, 'dangling.dot'))
    await mkdir(join(folder, '.git'))
    await write('.git/x.dot', '')
    await write('a/b/m.dot', GOOD)
    const { out, code } = await check(folder)
    expect(out).toContain('There is no file "')
    expect(out).toContain('2 files checked: 1 error')
    expect(code).toBe(1)
  })

  it('twice the same', async () => {
    const path = await write('m.dot', '')
    expect(await codes(path, folder, path)).toEqual(['empty'])
  })

  it('YAML of other software in a folder without models', async () => {
    await write('docker-compose.yaml', 'services: {}')
    expect(await codes(folder)).toEqual(['no-models'])
  })

  it('called like an escape sequence', async () => {
    const { out } = await check(await write('a\x1b[31m\n.dot', ''))
    expect(out).not.toContain('\x1b')
    expect(out.split('\n')).toHaveLength(3)
  })
})
