import fc from 'fast-check'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ModelReply, ModelRequest } from '../../contract/model-files'
import { modelReply } from '../../contract/model-files'
import { ModelDesk } from './desk'
import type { DeskOptions } from './desk'

const ID = '6b1f3a52-8a0f-4a53-9f0a-3c9a4a1f2b7d'
const dot = { name: 'mine.dot', text: 'digraph mine {\r\n}\n' }
const yaml = { name: 'mine.yaml', text: 'monitor: mine\n' }

let folder = ''
let chosen: string | undefined
let desk: ModelDesk
const copied: Uint8Array[] = []

const path = (...parts: string[]): string => join(folder, ...parts)
const read = (...parts: string[]): string => readFileSync(path(...parts), 'utf8')

function newDesk(options: Partial<DeskOptions> = {}): ModelDesk {
  return new ModelDesk({
    builtIn: path('program'),
    own: path('own'),
    drafts: path('state', 'drafts'),
    chooseFile: () => Promise.resolve(chosen),
    chooseFolder: () => Promise.resolve(chosen),
    chooseRecording: () => Promise.resolve(chosen),
    chooseTarget: () => Promise.resolve(chosen),
    copyImage: (png) => copied.push(png),
    now: () => 1000,
    ...options
  })
}

async function ask<T extends ModelReply['type']>(
  request: ModelRequest,
  type: T
): Promise<ModelReply & { type: T }> {
  const reply = await desk.answer(request)
  modelReply.parse(reply)
  expect(reply).toMatchObject({ type })
  return reply as ModelReply & { type: T }
}

const save = (more: Partial<ModelRequest & { op: 'save' }> = {}): ModelRequest => ({
  op: 'save',
  id: ID,
  model: 'mine',
  files: [dot, yaml],
  as: false,
  overwrite: false,
  ...more
})

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rvpanel-desk-'))
  for (const name of ['program', 'own', 'elsewhere']) mkdirSync(path(name))
  writeFileSync(path('program', 'wip.dot'), 'digraph wip {}')
  writeFileSync(path('program', 'wip.yaml'), 'monitor: wip')
  writeFileSync(path('own', 'mine.dot'), dot.text)
  writeFileSync(path('own', 'calm.ltl'), 'RULE = A')
  chosen = path('elsewhere')
  desk = newDesk()
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the shelf', () => {
  it('has the models of the program and those of the user’s folder', async () => {
    const { models } = await ask({ op: 'shelf' }, 'shelf')
    expect(models).toEqual([
      { name: 'calm', kind: 'ltl', builtIn: false },
      { name: 'mine', kind: 'automaton', builtIn: false },
      { name: 'wip', kind: 'automaton', builtIn: true }
    ])
  })

  it('opens what is the program’s as a copy that has no folder', async () => {
    const { opened } = await ask({ op: 'open', model: 'wip' }, 'opened')
    expect(opened).toMatchObject({ model: 'wip', folder: null, saved: null })
    expect(opened.files.map((f) => f.name)).toEqual(['wip.dot', 'wip.yaml'])
    chosen = path('program')
    await ask(save({ id: opened.id, model: 'wip', files: opened.files }), 'failed')
    expect(read('program', 'wip.dot')).toBe('digraph wip {}')
  })

  it('opens what is the user’s in its place, byte for byte', async () => {
    const { opened } = await ask({ op: 'open', model: 'mine' }, 'opened')
    expect(opened).toMatchObject({ folder: path('own'), files: [dot] })
    const changed = { ...dot, text: `${dot.text}\n` }
    await ask(save({ id: opened.id, files: [changed] }), 'saved')
    expect(read('own', 'mine.dot')).toBe(changed.text)
    expect(readdirSync(path('own'))).toEqual(['calm.ltl', 'mine.dot'])
  })
})

describe('saving', () => {
  it('asks for a folder once, and drops the draft', async () => {
    await ask({ op: 'keepDraft', id: ID, model: 'mine', files: [dot], open: true }, 'done')
    expect(await ask(save(), 'saved')).toMatchObject({ folder: path('elsewhere') })
    chosen = undefined
    await ask(save({ files: [dot, { ...yaml, text: 'x' }] }), 'saved')
    expect(read('elsewhere', 'mine.yaml')).toBe('x')
    expect((await ask({ op: 'shelf' }, 'shelf')).drafts).toEqual([])
    await ask(save({ as: true }), 'cancelled')
  })

  it('writes over what others have made only when it is told to', async () => {
    writeFileSync(path('elsewhere', 'mine.yaml'), 'theirs')
    const { names, files } = await ask(save(), 'changed')
    expect([names, files]).toEqual([['mine.yaml'], [{ name: 'mine.yaml', text: 'theirs' }]])
    expect(readdirSync(path('elsewhere'))).toEqual(['mine.yaml'])
    chosen = undefined
    await ask(save({ overwrite: true }), 'saved')
    expect(read('elsewhere', 'mine.yaml')).toBe(yaml.text)
  })

  it('sees what changes on the disk', async () => {
    await ask(save(), 'saved')
    await ask({ op: 'look', id: ID }, 'done')
    writeFileSync(path('elsewhere', 'mine.dot'), 'theirs')
    rmSync(path('elsewhere', 'mine.yaml'))
    const looked = await ask({ op: 'look', id: ID }, 'changed')
    expect(looked.names).toEqual(['mine.dot', 'mine.yaml'])
    expect(looked.files).toEqual([{ name: 'mine.dot', text: 'theirs' }])
    await ask(save(), 'changed')
    await ask({ op: 'accept', id: ID, files: looked.files }, 'saved')
    await ask({ op: 'look', id: ID }, 'done')
    await ask(save(), 'saved')
  })

  it('in another folder, given up for what is there, leaves the model where it was', async () => {
    await ask(save(), 'saved')
    mkdirSync(path('third'))
    writeFileSync(path('third', 'mine.dot'), 'theirs')
    chosen = path('third')
    await ask(save({ as: true }), 'changed')
    await ask(save({ files: [{ ...dot, text: 'more' }] }), 'saved')
    expect([read('elsewhere', 'mine.dot'), read('third', 'mine.dot')]).toEqual(['more', 'theirs'])
    await ask(save({ as: true }), 'changed')
    expect(await ask(save({ overwrite: true }), 'saved')).toMatchObject({ folder: path('third') })
    expect(read('third', 'mine.dot')).toBe(dot.text)
  })

  it('after one file of two was taken from the disk asks about nothing more', async () => {
    await ask(save(), 'saved')
    writeFileSync(path('elsewhere', 'mine.yaml'), 'theirs')
    const { files } = await ask(save(), 'changed')
    await ask({ op: 'accept', id: ID, files }, 'saved')
    await ask({ op: 'look', id: ID }, 'done')
    await ask(save(), 'saved')
    rmSync(path('elsewhere', 'mine.yaml'))
    await ask({ op: 'look', id: ID }, 'changed')
    await ask({ op: 'accept', id: ID, files: [] }, 'saved')
    await ask({ op: 'look', id: ID }, 'done')
    await ask(save(), 'saved')
    expect(read('elsewhere', 'mine.yaml')).toBe(yaml.text)
  })

  it('that fails at the second file takes the first one for its own when it is tried again', async () => {
    let full = true
    desk = newDesk({
      write: (file, text) => {
        if (full && file.endsWith('.yaml')) throw Object.assign(new Error('no'), { code: 'ENOSPC' })
        writeFileSync(file, text)
      }
    })
    await ask(save(), 'failed')
    full = false
    chosen = undefined
    await ask(save(), 'saved')
  })

  it('leaves the permissions as they are, and what is read-only unwritten', async () => {
    await ask(save(), 'saved')
    chmodSync(path('elsewhere', 'mine.dot'), 0o600)
    symlinkSync(path('own', 'calm.ltl'), path('elsewhere', '.mine.dot.rvpanel-new'))
    await ask(save({ files: [{ ...dot, text: 'new' }, yaml] }), 'saved')
    expect(statSync(path('elsewhere', 'mine.dot')).mode & 0o777).toBe(0o600)
    expect(read('own', 'calm.ltl')).toBe('RULE = A')
    if (process.getuid?.() === 0) return
    chmodSync(path('elsewhere', 'mine.dot'), 0o400)
    await ask(save({ files: [{ ...dot, text: 'newer' }] }), 'failed')
  })

  it('keeps a symbolic link', async () => {
    writeFileSync(path('elsewhere', 'real'), dot.text)
    symlinkSync('real', path('elsewhere', 'mine.dot'))
    await ask(save({ overwrite: true, files: [{ ...dot, text: 'new' }] }), 'saved')
    expect(read('elsewhere', 'real')).toBe('new')
  })

  it.each([
    ['ENOSPC', 'the disk is full (ENOSPC)'],
    ['EROFS', 'the file system is read-only (EROFS)'],
    ['EACCES', 'permission denied (EACCES)']
  ])('says in one sentence that %s', async (code, words) => {
    desk = newDesk({
      write: () => {
        throw Object.assign(new Error('no'), { code })
      }
    })
    await ask({ op: 'keepDraft', id: ID, model: 'mine', files: [dot], open: true }, 'done')
    const { message } = await ask(save(), 'failed')
    expect(message).toBe(
      `mine.dot cannot be saved in ${path('elsewhere')}: ${words}. Its text is kept as a draft.`
    )
    expect((await ask({ op: 'shelf' }, 'shelf')).drafts).toHaveLength(1)
  })
})

describe('a draft', () => {
  it('is there again after the end of the program, with its folder and what was saved', async () => {
    await ask(save(), 'saved')
    const files = [{ ...dot, text: 'half a' }, yaml]
    await ask({ op: 'keepDraft', id: ID, model: 'mine', files, open: true }, 'done')
    desk = newDesk()
    const { drafts } = await ask({ op: 'shelf' }, 'shelf')
    expect(drafts).toEqual([
      { id: ID, model: 'mine', keptAt: 1000, folder: path('elsewhere'), open: true }
    ])
    const { opened } = await ask({ op: 'openDraft', id: ID }, 'opened')
    expect(opened).toMatchObject({ files, saved: [dot, yaml], folder: path('elsewhere') })
    writeFileSync(path('elsewhere', 'mine.dot'), 'theirs')
    await ask(save({ files }), 'changed')
    await ask({ op: 'dropDraft', id: ID }, 'done')
    await ask({ op: 'openDraft', id: ID }, 'failed')
  })

  it('is what opens instead of the file that it is a draft of', async () => {
    const { opened } = await ask({ op: 'open', model: 'mine' }, 'opened')
    const { id } = opened
    const files = [{ ...dot, text: 'half a' }]
    await ask({ op: 'keepDraft', id, model: 'mine', files, open: false }, 'done')
    const again = await ask({ op: 'open', model: 'mine' }, 'opened')
    expect(again.opened).toMatchObject({ id, files, saved: [dot] })
    chosen = path('own', 'mine.dot')
    expect((await ask({ op: 'choose' }, 'opened')).opened.id).toBe(id)
  })

  it('or what was saved is what a model was worked on last', async () => {
    const files = [{ name: 'new1.dot', text: 'digraph new1 {}' }]
    await ask({ op: 'open', model: 'new1', latest: true }, 'failed')
    await ask({ op: 'keepDraft', id: ID, model: 'new1', files, open: true }, 'done')
    const draft = await ask({ op: 'open', model: 'new1', latest: true }, 'opened')
    expect(draft.opened).toMatchObject({ id: ID, files, folder: null })
    await ask(save({ model: 'new1', files }), 'saved')
    const saved = await ask({ op: 'open', model: 'new1', latest: true }, 'opened')
    expect(saved.opened).toMatchObject({ files, folder: path('elsewhere'), keptAt: null })
    const { opened } = await ask({ op: 'open', model: 'wip', latest: true }, 'opened')
    expect(opened.folder).toBeNull()
  })

  it('whose file is damaged leaves the others', async () => {
    await ask({ op: 'keepDraft', id: ID, model: 'mine', files: [dot], open: true }, 'done')
    writeFileSync(path('state', 'drafts', 'x.json'), '{"id":')
    expect((await ask({ op: 'shelf' }, 'shelf')).drafts).toHaveLength(1)
  })
})

describe('what is no model', () => {
  it.each([
    ['notes.txt', 'text'],
    ['my model.dot', 'digraph {}'],
    ['big.dot', 'x'.repeat((1 << 22) + 1)],
    ['wide.dot', '\u2192'.repeat((1 << 22) + 1)],
    ['binary.dot', 'digraph \0'],
    ['latin1.dot', Buffer.from('// caf\xe9', 'latin1')]
  ])('such as %s is refused in one sentence', async (name, text) => {
    writeFileSync(path('elsewhere', name), text)
    chosen = path('elsewhere', name)
    const { message } = await ask({ op: 'choose' }, 'failed')
    expect(message).toMatch(/expected/)
  })

  it('is a path: no request leads out of the folders', async () => {
    for (const model of ['../own/mine', '/etc/passwd', 'a/b', '..', '']) {
      expect(await desk.answer({ op: 'open', model })).toMatchObject({ type: 'failed' })
    }
    for (const name of ['../x.dot', '/tmp/x.dot', 'x.sh', '.dot', 'a\0.dot']) {
      expect(await desk.answer(save({ files: [{ name, text: '' }] }))).toMatchObject({
        type: 'failed'
      })
    }
    for (const id of ['../../x', '', 'x']) {
      expect(await desk.answer({ op: 'openDraft', id })).toMatchObject({ type: 'failed' })
    }
    expect(readdirSync(folder).sort()).toEqual(['elsewhere', 'own', 'program'])
  })

  it('is anything else that a page may send', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (message) => {
        expect(await desk.answer(message)).toMatchObject({ type: 'failed' })
      })
    )
  })
})

describe('what is made of models', () => {
  const files = [
    { name: 'mine.c', text: 'int x;\n' },
    { name: 'Kconfig', text: 'config X\n' }
  ]
  const place = (overwrite: string | null): ModelRequest => ({
    op: 'place',
    folder: 'mine',
    files,
    overwrite
  })

  it('writes generated files into a folder of their own, and twice the same', async () => {
    chosen = path('elsewhere')
    await ask(place(null), 'placed')
    expect(read('elsewhere', 'mine', 'mine.c')).toBe('int x;\n')
    expect(await ask(place(null), 'placed')).toMatchObject({ folder: path('elsewhere', 'mine') })
  })

  it('writes over nothing before it is told to', async () => {
    chosen = path('elsewhere')
    mkdirSync(path('elsewhere', 'mine'))
    writeFileSync(path('elsewhere', 'mine', 'Kconfig'), 'theirs')
    const { names, id } = await ask(place(null), 'occupied')
    expect(names).toEqual(['Kconfig'])
    expect(readdirSync(path('elsewhere', 'mine'))).toEqual(['Kconfig'])
    // An id that was never handed out is no folder.
    await ask(place(ID), 'cancelled')
    await ask(place(id), 'placed')
    expect(read('elsewhere', 'mine', 'Kconfig')).toBe('config X\n')
  })

  it('takes no path for a name', async () => {
    chosen = path('elsewhere')
    for (const name of ['../x.c', 'a/b.c', '/etc/x.h', 'x.sh', '..']) {
      const bad = { op: 'place', folder: 'mine', files: [{ name, text: '' }], overwrite: null }
      expect(await desk.answer(bad)).toMatchObject({ type: 'failed' })
    }
    for (const name of ['../x.svg', 'x.exe', 'a/x.txt']) {
      expect(await desk.answer({ op: 'export', name, text: '', png: null })).toMatchObject({
        type: 'failed'
      })
    }
    expect(readdirSync(path('elsewhere'))).toEqual([])
  })

  it('exports text as it is, and SVG as a picture', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>'
    chosen = path('elsewhere', 'a.svg')
    await ask({ op: 'export', name: 'a.svg', text: svg, png: null }, 'exported')
    expect(read('elsewhere', 'a.svg')).toBe(svg)
    chosen = path('elsewhere', 'a.png')
    await ask({ op: 'export', name: 'a.png', text: svg, png: 2 }, 'exported')
    const png = readFileSync(chosen)
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([8, 6])
    await ask({ op: 'export', name: 'b.png', text: 'no svg', png: 2 }, 'failed')
    chosen = path('elsewhere', 'wip-12.104s.svg')
    await ask({ op: 'export', name: 'wip-12.104s.svg', text: svg, png: null }, 'exported')
    expect(read('elsewhere', 'wip-12.104s.svg')).toBe(svg)
  })

  it('copies SVG as a picture', async () => {
    copied.length = 0
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>'
    await ask({ op: 'copyPicture', text: svg, png: 2 }, 'done')
    expect(Buffer.from(copied[0] ?? []).subarray(1, 4).toString()).toBe('PNG')
    await ask({ op: 'copyPicture', text: 'no svg', png: 2 }, 'failed')
    expect(copied).toHaveLength(1)
  })

  it('counts what a recording has of a monitor, and says where it has nothing', async () => {
    const lines = [
      'a-1 [000] d..2. 1.000000: event_wip: preemptive x preempt_disable -> non_preemptive',
      'a-1 [000] d..2. 1.000001: event_wip: non_preemptive x preempt_enable -> preemptive (final)',
      'a-1 [000] d..2. 1.000002: event_wip: preemptive x preempt_disable -> non_preemptive',
      'a-1 [000] d..2. 1.000003: error_wip: event sched_waking not expected in the state preemptive'
    ]
    chosen = path('elsewhere', 'trace.txt')
    writeFileSync(chosen, `${lines.map((line) => `           ${line}`).join('\n')}\n`)
    const { counts } = await ask({ op: 'recording', monitor: 'wip' }, 'recording')
    expect(counts.steps).toContainEqual({
      state: 'preemptive',
      event: 'preempt_disable',
      next: 'non_preemptive',
      count: 2
    })
    expect(counts.violations).toEqual([{ state: 'preemptive', event: 'sched_waking', count: 1 }])
    expect((await ask({ op: 'recording', monitor: 'wwnr' }, 'failed')).message).toMatch(
      /no record of the monitor wwnr; there are records of wip/
    )
    chosen = path('elsewhere', 'broken.gz')
    writeFileSync(chosen, 'no gzip')
    expect((await ask({ op: 'recording', monitor: 'wip' }, 'failed')).message).toMatch(
      /cannot be read: it is not what gzip makes/
    )
  })
})
