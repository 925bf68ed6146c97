import { describe, expect, it } from 'vitest'
import { buchiOf, checkFiles } from './check-job'
import type { CheckDone, CheckJob } from './check-job'
import { Checker } from './checker'
import type { CheckWorker } from './checker'

class FakeWorker implements CheckWorker {
  readonly jobs: CheckJob[] = []
  onmessage: CheckWorker['onmessage'] = null
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
