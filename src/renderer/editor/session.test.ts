import { beforeEach, describe, expect, it, vi } from 'vitest'
import { MAX_MODEL_TEXT } from '../../contract/model-files'
import type { ModelReply, ModelRequest, OpenedModel } from '../../contract/model-files'
import { addState, renameState } from '../../model/edit'
import { Panel } from '../stores/panel'
import { FakePort } from '../testing'
import { checkFiles } from './check-job'
import type { CheckWorker } from './checker'
import { endsInCrLf, toDisk } from './document'
import { EditorSession } from './session'

const dot = `digraph m {
	"__init_a" [shape = plaintext, label = ""]
	"a" [shape = doublecircle, label = "a"] // kept
	"__init_a" -> "a"
	"a" -> "a" [label = "tick"]
}
`
const opened = (text: string, parts: Partial<OpenedModel> = {}): ModelReply => ({
  type: 'opened',
  opened: {
    id: '6b1f3a52-8a0f-4a53-9f0a-3c9a4a1f2b7d',
    model: 'm',
    files: [
      { name: 'm.dot', text },
      { name: 'm.yaml', text: 'monitor: m\n' }
    ],
    saved: [
      { name: 'm.dot', text },
      { name: 'm.yaml', text: 'monitor: m\n' }
    ],
    folder: '/home/me',
    keptAt: null,
    ...parts
  }
})

/** A worker that answers at once. */
const worker = (): CheckWorker => {
  const one: CheckWorker = {
    onmessage: null,
    postMessage: (job) => {
      const data = { id: job.id, diagnostics: checkFiles(job), buchi: undefined }
      one.onmessage?.({ data } as MessageEvent<typeof data>)
    }
  }
  return one
}

let asked: ModelRequest[]
let reply: (request: ModelRequest) => ModelReply
let session: EditorSession

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  reply = () => ({ type: 'done' })
  const api = {
    ask: (request: ModelRequest) => {
      asked.push(request)
      return Promise.resolve(reply(request))
    }
  }
  session = new EditorSession(new Panel(new FakePort().api), api, worker)
})

const textOf = (name: string): string => toDisk(session.file(name)!)
const open = async (text = dot, parts: Partial<OpenedModel> = {}): Promise<void> => {
  reply = (request) => (request.op === 'openDraft' ? opened(text, parts) : { type: 'done' })
  await session.openDraft('x')
}

describe('the open model', () => {
  it('is changed by the drawing, and changed back by one undo', async () => {
    await open()
    expect(session.isDirty.value).toBe(false)
    expect(session.edit((o) => addState(o, 'b'))).toBeUndefined()
    expect(session.edit((o) => renameState(o, 'b', 'c'))).toBeUndefined()
    expect(textOf('m.dot')).toContain('// kept\n\t"c" [shape = circle, label = "c"]\n')
    expect(session.drawn.value?.sketch.states.map((s) => s.name)).toEqual(['a', 'c'])
    expect(session.edit((o) => addState(o, 'a'))).toMatch(/already/)
    session.step('undo')
    expect(textOf('m.dot')).toContain('"b" [shape = circle, label = "b"]')
    session.step('undo')
    expect(textOf('m.dot')).toBe(dot)
    expect(session.isDirty.value).toBe(false)
    session.step('redo')
    expect(textOf('m.dot')).toContain('"b"')
  })

  it('keeps the last drawing while the text is no graph, and refuses to edit it', async () => {
    await open()
    const file = session.file('m.dot')!
    file.state = file.state.update({ changes: { from: 0, insert: '"' } }).state
    session.sketchNow()
    expect(session.drawn.value).toMatchObject({ stale: true })
    expect(session.drawn.value?.sketch.states).toHaveLength(1)
    expect(session.edit((o) => addState(o, 'b'))).toMatch(/mend its syntax/)
  })

  it('is not drawn where nobody could read that, and is again once one could', async () => {
    for (const large of [
      dot.replace('"tick"', `"${'t'.repeat(3000)}"`),
      dot + ' '.repeat(70_000)
    ]) {
      await open(large, { id: crypto.randomUUID() })
      expect([session.drawn.value, session.tooLarge.value]).toEqual([null, true])
    }
    await open(dot, { id: crypto.randomUUID() })
    expect(session.drawn.value?.stale).toBe(false)
    expect(session.tooLarge.value).toBe(false)
  })

  it.each([
    ['CR LF', dot.replaceAll('\n', '\r\n')],
    ['mixed line breaks', dot.replace('\n', '\r\n').replace('}\n', '}\r')],
    ['a byte-order mark', `\ufeff${dot}`],
    ['nothing', '']
  ])('with %s goes to the disk as it came', async (_, text) => {
    await open(text)
    expect(textOf('m.dot')).toBe(text)
    expect(session.isDirty.value).toBe(false)
  })

  it('with CR LF gets new lines that end in CR LF', async () => {
    await open(dot.replaceAll('\n', '\r\n').replace(' // kept', ''))
    session.edit((o) => addState(o, 'b'))
    expect(endsInCrLf(textOf('m.dot'))).toBe(true)
  })

  it('is kept as a draft once it stands still, and the draft goes when nothing is left of it', async () => {
    await open()
    session.edit((o) => addState(o, 'b'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked.at(-1)).toMatchObject({ op: 'keepDraft', model: 'm', open: true })
    session.step('undo')
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked.at(-1)).toMatchObject({ op: 'dropDraft' })
  })

  it('is kept as a draft while somebody types without a pause', async () => {
    await open()
    for (let i = 0; i < 10; i++) {
      session.edit((o) => addState(o, `b${i}`))
      await vi.advanceTimersByTimeAsync(150)
    }
    expect(asked).toContainEqual(expect.objectContaining({ op: 'keepDraft' }))
  })

  it('does not come back after a crash once another one was opened', async () => {
    await open()
    session.edit((o) => addState(o, 'b'))
    await open(dot, { id: 'a3a3f0a4-5b0c-4a6f-9a55-5d1b9d1f7e10' })
    const kept = asked.filter((request) => request.op === 'keepDraft')
    expect(kept.at(-1)).toMatchObject({ id: '6b1f3a52-8a0f-4a53-9f0a-3c9a4a1f2b7d', open: false })
  })

  it('that is opened again stays as it is', async () => {
    await open()
    session.edit((o) => addState(o, 'b'))
    await session.openDraft('x')
    expect(textOf('m.dot')).toContain('"b"')
  })

  it('that has become longer than a model may be says so, and sends nothing', async () => {
    await open()
    const file = session.file('m.dot')!
    session.change(file, { changes: { from: 0, insert: 'x'.repeat(MAX_MODEL_TEXT) } })
    await vi.advanceTimersByTimeAsync(1000)
    expect(session.notice.value).toMatch(/^m\.dot has 4194\d+ characters; expected/)
    expect(asked.some((request) => request.op === 'keepDraft')).toBe(false)
  })

  it('says that it was restored, and from when', async () => {
    await open(dot, { keptAt: 0, saved: null, folder: null })
    expect(session.notice.value).toMatch(/^Restored from the draft of .*1970/)
    expect(session.isDirty.value).toBe(true)
  })

  it('gets its findings, with fixes that are applied to the text', async () => {
    await open(dot.replace(' // kept', '').replace('-> "a" [', '-> "aa" ['))
    await vi.advanceTimersByTimeAsync(1000)
    const finding = session.findings.list.value.find((d) => d.code === 'not-a-state')!
    expect(finding.fixes?.length).toBeGreaterThan(0)
    session.findings.fix(finding, 0)
    await vi.advanceTimersByTimeAsync(1000)
    expect(session.findings.list.value.some((d) => d.code === 'not-a-state')).toBe(false)
  })

  it('is renamed with its files and its monitor', async () => {
    await open()
    session.rename('other')
    expect(session.open.value?.files.map((f) => f.name)).toEqual(['other.dot', 'other.yaml'])
    expect(textOf('other.yaml')).toBe('monitor: other\n')
    expect(session.isDirty.value).toBe(true)
  })
})

describe('saving', () => {
  it('asks about what others changed, and takes theirs as a change that can go back', async () => {
    await open()
    session.edit((o) => addState(o, 'b'))
    const mine = textOf('m.dot')
    const theirs = 'digraph theirs {}\n'
    reply = ({ op }) =>
      op === 'save'
        ? {
            type: 'changed',
            folder: '/home/me',
            names: ['m.dot'],
            files: [{ name: 'm.dot', text: theirs }]
          }
        : { type: 'done' }
    expect(await session.save()).toBe(false)
    expect(session.disk.change.value).toMatchObject({ names: ['m.dot'], saving: true })
    await session.disk.resolve('theirs')
    expect(textOf('m.dot')).toBe(theirs)
    expect(asked).toContainEqual(expect.objectContaining({ op: 'accept' }))
    session.step('undo')
    expect(textOf('m.dot')).toBe(mine)
  })

  it.each([
    ['changed', [{ name: 'm.dot', text: 'digraph theirs {}\n' }], 'digraph theirs {}\n'],
    ['removed', [], undefined]
  ])(
    'keeps what is here where others %s the file, as what is not saved',
    async (_, files, there) => {
      await open()
      reply = ({ op }) =>
        op === 'look'
          ? { type: 'changed', folder: '/home/me', names: ['m.dot'], files }
          : { type: 'saved', folder: '/home/me' }
      await session.disk.look()
      await session.disk.resolve('mine')
      expect(asked).toContainEqual(expect.objectContaining({ op: 'accept', files }))
      expect(textOf('m.dot')).toBe(dot)
      expect(session.file('m.dot')?.saved).toBe(there)
      expect(session.isDirty.value).toBe(true)
    }
  )

  it('that fails says so and leaves the text as it is', async () => {
    await open()
    session.edit((o) => addState(o, 'b'))
    reply = () => ({ type: 'failed', message: 'm.dot cannot be saved: the disk is full (ENOSPC).' })
    expect(await session.save()).toBe(false)
    expect(session.notice.value).toMatch(/disk is full/)
    expect(session.isDirty.value).toBe(true)
  })
})
