import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { AgentPort } from '../agent-port'
import { fakeTracefs, shells } from '../testing'
import { commandLink } from './command-link'
import type { LineMux } from './mux'
import { openLine } from './open-line'

let root: string
let port: AgentPort | undefined
let mux: LineMux | undefined

beforeEach(() => {
  root = fakeTracefs()
})
afterEach(async () => {
  await port?.close()
  port = undefined
  rmSync(root, { recursive: true, force: true })
})

async function open(command: readonly string[]): Promise<AgentPort> {
  const link = await commandLink(command)
  port = await openLine(
    {
      kind: 'cmd',
      name: 'board',
      link,
      auth: undefined,
      onProgress: () => undefined,
      signal: undefined,
      onMux: (made) => {
        mux = made
      }
    },
    { tracefs: root }
  )
  return port
}

for (const shell of shells()) {
  describe(`a shell on a line: ${shell.join(' ')}`, () => {
    it('serves the port', async () => {
      const t = performance.now()
      const opened = await open(shell)
      console.log('open', performance.now() - t)
      expect(Buffer.from(await opened.read('rv/monitoring_on')).toString()).toBe('1\n\0')
      const big = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) & 255)
      writeFileSync(join(root, 'big'), big)
      const t2 = performance.now()
      expect(await opened.read('big')).toEqual(big)
      console.log('big', performance.now() - t2)
      await opened.write('rv/monitoring_on', '0\n', 'truncate')
      expect(readFileSync(join(root, 'rv/monitoring_on'), 'latin1')).toBe('0\n')
      console.log(mux?.account)
    })
  })
}
