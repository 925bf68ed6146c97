import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { RealTarget } from './boot'
import type { Home } from './home'

const here = dirname(fileURLToPath(import.meta.url))

/** Runs a line in a shell on the target, beside every panel, and gives what it printed. */
export async function runOn(target: RealTarget, home: Home, line: string): Promise<string> {
  const { destination, port } = target.spec
  const child = spawn(
    'ssh',
    // prettier-ignore
    ['-F', home.config, '-p', String(port), '-o', 'StrictHostKeyChecking=no',
     '-o', 'NumberOfPasswordPrompts=1', destination, line],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        SSH_ASKPASS: join(here, 'askpass.sh'),
        SSH_ASKPASS_REQUIRE: 'force',
        DISPLAY: ':0'
      }
    }
  )
  let said = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => (said += text))
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`${line} ended with ${String(code)}: ${said.slice(-300)}`)
  return said
}
