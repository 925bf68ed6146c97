import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadModels } from './load-models'
import { openSimulated } from './simulated-kernel'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rvpanel-models-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Two clocks that are reset: the kernel has room for one (MAX_HA_ENV_LEN). */
const TWO_CLOCKS = `digraph two {
	"__init_a" [shape = plaintext, label = ""]
	"a" [shape = doublecircle, label = "a"]
	"b" [shape = circle, label = "b\\nclk < 10 j"]
	"__init_a" -> "a"
	"a" -> "b" [label = "sched_waking;reset(clk)"]
	"b" -> "a" [label = "preempt_enable;other<5ns;reset(other)"]
}
`
const SOUND = TWO_CLOCKS.replace(';other<5ns;reset(other)', '').replaceAll('two', 'one')
const yaml = (name: string): string => `monitor: ${name}
type: per_cpu
description: a test
tracepoints:
  sched_waking:
    - event: sched_waking
      call: handle_start_event
  preempt_enable:
    - event: preempt_enable
      call: handle_event
`

describe('loadModels', () => {
  it('leaves out a sound model that no kernel registers, says why, and keeps the others', async () => {
    for (const [name, dot] of [
      ['two', TWO_CLOCKS],
      ['one', SOUND]
    ] as const) {
      await writeFile(join(folder, `${name}.dot`), dot)
      await writeFile(join(folder, `${name}.yaml`), yaml(name))
    }
    const { models, diagnostics } = await loadModels(folder)
    expect(models.map(({ name }) => name)).toEqual(['one'])
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'not-registrable',
        file: 'two.yaml',
        message: expect.stringMatching(/^It cannot be registered: .*two.*\.$/) as string
      })
    ])
    const port = openSimulated({ cpus: 1, tasks: 2, seed: 1 }, models, 'manual')
    const listed = new TextDecoder().decode(await port.read('rv/available_monitors'))
    expect(listed).toBe('one\n')
    await port.close()
  })
})
