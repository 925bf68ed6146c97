import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadModelFolders } from './model-folders'

const models = join(import.meta.dirname, '..', '..', 'models')
const changed = `digraph state_automaton {
	center = true;
	size = "7,11";
	{node [shape = plaintext, style=invis, label=""] "__init_only"};
	{node [shape = doublecircle] "only"};
	{node [shape = circle] "only"};
	"__init_only" -> "only";
	"only" [label = "only", color = green3];
	"only" -> "only" [ label = "tick" ];
}
`

describe('models of several folders', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rvpanel-models-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  it('are those of the program when nothing is added', async () => {
    const found = await loadModelFolders([models])
    const names = found.models.map((model) => model.name)
    expect(names).toEqual(expect.arrayContaining(['wip', 'wwnr']))
    expect(found.problems).toEqual([])
  })

  it('are replaced by name by those of a later folder', async () => {
    writeFileSync(join(folder, 'wip.dot'), changed)
    const found = await loadModelFolders([models, folder])
    expect(found.drawings.get('wip')?.source).toBe(changed)
    expect(found.drawings.has('wwnr')).toBe(true)
  })

  it('may be in a container of an earlier folder', async () => {
    writeFileSync(join(folder, 'own.dot'), changed)
    const rules = 'tracepoints: {irq_disable: [{event: tick, call: handle_start_event}]}'
    writeFileSync(
      join(folder, 'own.yaml'),
      `monitor: own\ntype: per_cpu\ndescription: d\nparent: sched\n${rules}\n`
    )
    const found = await loadModelFolders([models, folder])
    expect(found.problems).toEqual([])
    const names = found.models.map((model) => model.name)
    expect(names.indexOf('own')).toBeGreaterThan(names.indexOf('sched'))
  })

  it('are reported one by one when they are none, and the others stay', async () => {
    writeFileSync(join(folder, 'broken.dot'), 'digraph {')
    const found = await loadModelFolders([models, folder, join(folder, 'missing')])
    expect(found.drawings.has('wip')).toBe(true)
    const place = `${join(folder, 'broken.dot')}:1:`
    expect(found.problems.some(({ message }) => message.startsWith(place))).toBe(true)
    expect(found.problems.some(({ message }) => message.includes('missing'))).toBe(true)
    for (const { severity } of found.problems) expect(severity).toBe('error')
  })
})
