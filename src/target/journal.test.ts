import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { AgentPort } from './agent-port'
import { Journal } from './journal'
import { localTransport } from './local'
import type { RestoreStep } from './port'

const STEPS: RestoreStep[] = [
  { kind: 'file', path: 'rv/monitors/wip/enable', ours: '1', original: '0' },
  { kind: 'rmdir', path: 'instances/rvpanel' }
]
const BOOT = '3408b019-83a1-4123-ab65-395f308f564f'

let folder: string
let state: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rvpanel-journal-'))
  state = join(folder, 'state')
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Makes the record look like that of a panel that died: another process. */
function orphan(): void {
  const gone = spawnSync('true').pid
  for (const name of readdirSync(state)) {
    const content = JSON.parse(readFileSync(join(state, name), 'utf8')) as object
    writeFileSync(
      join(state, name.replace('.json', '-dead.json')),
      JSON.stringify({ ...content, pid: gone })
    )
    rmSync(join(state, name))
  }
}

describe('Journal', () => {
  it('is on the disk before it is written, and gone when all is well', async () => {
    const journal = new Journal(state, 'ssh://board')
    await journal.write(BOOT, STEPS)
    expect(readdirSync(state).length).toBe(1)
    await journal.clear()
    expect(readdirSync(state)).toEqual([])
  })

  it('leaves alone what a living panel has written', async () => {
    const journal = new Journal(state, 'ssh://board')
    await journal.write(BOOT, STEPS)
    expect((await new Journal(state, 'ssh://board').leftovers(BOOT)).steps).toEqual([])
    expect(readdirSync(state).length).toBe(1)
    journal.release()
    expect((await new Journal(state, 'ssh://board').leftovers(BOOT)).steps).toEqual(STEPS)
  })

  it('finds what a dead panel has left, for the same target and boot only', async () => {
    const journal = new Journal(state, 'ssh://board')
    await journal.write(BOOT, STEPS)
    orphan()
    expect((await new Journal(state, 'ssh://other').leftovers(BOOT)).steps).toEqual([])
    const left = await new Journal(state, 'ssh://board').leftovers(BOOT)
    expect(left.steps).toEqual(STEPS)
    await left.forget()
    expect(readdirSync(state)).toEqual([])

    await journal.write(BOOT, STEPS)
    orphan()
    const rebooted = await new Journal(state, 'ssh://board').leftovers(BOOT.replace('3', '4'))
    expect(rebooted.steps).toEqual([])
    await rebooted.forget()
    expect(readdirSync(state)).toEqual([])
  })

  it('takes nothing out of a file that is damaged or forged', async () => {
    await new Journal(state, 'ssh://board').write(BOOT, STEPS)
    orphan()
    const [name = ''] = readdirSync(state)
    const good = readFileSync(join(state, name), 'utf8')
    for (const bad of [good.slice(0, -9), '', '[]', good.replace('instances/', '../../'), 'null']) {
      writeFileSync(join(state, name), bad)
      expect((await new Journal(state, 'ssh://board').leftovers(BOOT)).steps).toEqual([])
    }
  })
})

describe('a port with a journal', () => {
  let root: string
  const progress: string[] = []
  const connect = (): Promise<AgentPort> =>
    AgentPort.open(localTransport(), {
      tracefs: root,
      journal: new Journal(state, 'local'),
      onProgress: (message) => progress.push(message)
    })
  const file = (): string => readFileSync(join(root, 'rv/monitors/wip/enable'), 'utf8')

  beforeEach(() => {
    root = join(folder, 'tracefs')
    progress.length = 0
    mkdirSync(join(root, 'rv/monitors/wip'), { recursive: true })
    writeFileSync(join(root, 'rv/available_monitors'), 'wip\n')
    writeFileSync(join(root, 'rv/monitoring_on'), '1\n')
    writeFileSync(join(root, 'rv/monitors/wip/enable'), '1\n')
  })

  it('keeps the plan until a clean close', async () => {
    const port = await connect()
    await port.setRestorePlan(STEPS)
    expect(readdirSync(state).length).toBe(1)
    await port.close()
    expect(readdirSync(state)).toEqual([])
  })

  it('puts back what a dead panel had left, and says so', async () => {
    const first = await connect()
    const { bootId } = first.info
    await first.close()
    await new Journal(state, 'local').write(bootId, STEPS)
    orphan()
    const port = await connect()
    expect(file()).toBe('0')
    expect(progress).toEqual([
      `An earlier panel had left ${port.info.name} changed: 1 of its changes were put back.`
    ])
    expect(readdirSync(state)).toEqual([])
    // Nothing of it is left in the agent.
    writeFileSync(join(root, 'rv/monitors/wip/enable'), '1\n')
    await port.close()
    expect(file()).toBe('1\n')
  })
})
