import { describe, expect, it, vi } from 'vitest'
import { buchiOf, checkFiles } from './check-job'
import type { CheckDone, CheckJob } from './check-job'
import { CHECK_LIMIT_MS, Checker } from './checker'
import type { CheckWorker } from './checker'

class FakeWorker implements CheckWorker {
  readonly jobs: CheckJob[] = []
  onmessage: CheckWorker['onmessage'] = null
  onerror: ((event: ErrorEvent) => void) | null = null
  ended = false
  terminate(): void {
    this.ended = true
  }
  postMessage(job: CheckJob): void {
    this.jobs.push(job)
  }
  answer(): void {
    const { id } = this.jobs.at(-1)!
    const data: CheckDone = { id, diagnostics: [], buchi: undefined }
    this.onmessage?.({ data } as MessageEvent<CheckDone>)
  }
}

const job = (text: string) => ({ files: [{ name: 'm.dot', text }], containers: [] })

describe('the checker', () => {
  it('has one job at a time, and of those that wait only the newest', () => {
    const worker = new FakeWorker()
    const found: number[] = []
    const checker = new Checker(
      () => worker,
      ({ id }) => found.push(id)
    )
    for (const text of ['a', 'b', 'c']) checker.check(job(text))
    expect(worker.jobs.map((j) => j.files[0]?.text)).toEqual(['a'])
    worker.answer()
    expect(worker.jobs.map((j) => j.files[0]?.text)).toEqual(['a', 'c'])
    worker.answer()
    // What was found about a was about an old text.
    expect(found).toEqual([3])
  })

  it('drops what is found about a text that has changed since', () => {
    const worker = new FakeWorker()
    const found: number[] = []
    const checker = new Checker(
      () => worker,
      ({ id }) => found.push(id)
    )
    checker.check(job('a'))
    checker.forget()
    worker.answer()
    expect(found).toEqual([])
  })

  it('goes on with another worker after one that failed, or that comes to no end', () => {
    vi.useFakeTimers()
    const workers: FakeWorker[] = []
    const said: unknown[] = []
    const checker = new Checker(
      () => {
        workers.push(new FakeWorker())
        return workers.at(-1)!
      },
      ({ id }) => said.push(id),
      (why) => said.push(why)
    )
    checker.check(job('a'))
    workers[0]!.onerror?.({} as ErrorEvent)
    checker.check(job('b'))
    vi.advanceTimersByTime(CHECK_LIMIT_MS)
    expect(workers.map((w) => w.ended)).toEqual([true, true])
    checker.check(job('c'))
    workers[1]!.answer()
    workers[2]!.answer()
    expect(said).toEqual(['failed', 'stopped', 3])
    // One that hangs on an older text makes place for the newest.
    checker.check(job('d'))
    checker.check(job('e'))
    vi.advanceTimersByTime(CHECK_LIMIT_MS)
    expect(workers[3]?.jobs.map((j) => j.files[0]?.text)).toEqual(['e'])
    vi.useRealTimers()
  })
})

describe('a check', () => {
  const dot = `digraph m {
	"__init_a" [shape = plaintext, label = ""]
	"a" [shape = doublecircle, label = "a"]
	"__init_a" -> "a"
	"a" -> "a" [label = "tick"]
}
`
  const yaml = (more: string): string => `monitor: m
type: per_cpu
description: d
${more}
tracepoints:
  preempt_enable:
    - event: tock
      call: handle_start_event
`

  it('tells of the model and of its instrumentation, each once', () => {
    const found = checkFiles({
      files: [
        { name: 'm.dot', text: dot },
        { name: 'm.yaml', text: yaml('') }
      ],
      containers: []
    })
    expect(found.filter((d) => d.severity === 'error').map((d) => d.file)).toEqual(['m.yaml'])
    expect(found.find((d) => d.file === 'm.yaml')?.message).toMatch(/tock/)
  })

  it('knows the containers of the kernel', () => {
    const files = [
      { name: 'm.dot', text: dot },
      { name: 'm.yaml', text: yaml('parent: sched').replace('tock', 'tick') }
    ]
    const codes = (containers: string[]): string[] =>
      checkFiles({ files, containers }).map((d) => d.code)
    expect(codes([])).toContain('unknown-parent')
    expect(codes(['sched'])).not.toContain('unknown-parent')
  })

  it('has the automaton of a formula', () => {
    const text = 'RULE = always (A imply B)\n'
    const buchi = buchiOf({ files: [{ name: 'm.ltl', text }] })
    expect(buchi?.initial).toContain(true)
    expect(buchi?.edges.length).toBeGreaterThan(0)
    expect(buchiOf({ files: [{ name: 'm.ltl', text: 'RULE = (' }] })).toBeUndefined()
  })
})
