import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { openTarget } from '../../src/target/open'
import { realTarget } from '../target/boot'
import { conformance } from './suite'

const target = await realTarget()

if ('skip' in target) {
  console.log(`conformance: the real kernel was skipped: ${target.skip}`)
  describe.skip(`a real kernel (skipped: ${target.skip})`, () => {
    it('does the same as the simulated one', () => undefined)
  })
} else {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rvpanel-conformance-'))
    // A test machine has a new host key at each boot; the user's own files stay as they are.
    await writeFile(
      join(folder, 'config'),
      'Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n'
    )
  })
  afterAll(async () => {
    await target.stop()
    await rm(folder, { recursive: true, force: true })
  })

  conformance('a real kernel', {
    open: () =>
      openTarget(target.spec, {
        models: [],
        stateDir: folder,
        sshConfig: join(folder, 'config'),
        auth: {
          ask: ({ secret }) => Promise.resolve(secret ? target.password : 'yes')
        }
      }),
    // As the kernel's own selftests do: a task that is woken before it sleeps violates it.
    violated: 'wwnr'
  })
}
