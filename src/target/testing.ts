import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Shell = readonly [string, ...string[]]

/** The shells of Debian, of small boards and of Fedora; those that are not installed are named aloud. */
export function shells(): readonly Shell[] {
  const all: readonly Shell[] = [['sh'], ['busybox', 'ash'], ['bash', '--posix']]
  return all.filter(([command]) => {
    if (command === 'sh') return true
    try {
      execFileSync(command, command === 'busybox' ? ['true'] : ['-c', 'true'], { stdio: 'ignore' })
      return true
    } catch {
      console.warn(`skipped: ${command} is not installed`)
      return false
    }
  })
}

/** A folder that looks like tracefs to the agent. */
export function fakeTracefs(): string {
  const root = mkdtempSync(join(tmpdir(), 'rvpanel-tracefs-'))
  mkdirSync(join(root, 'rv/monitors/wip'), { recursive: true })
  writeFileSync(join(root, 'rv/available_monitors'), 'wip\n')
  writeFileSync(join(root, 'rv/monitoring_on'), '1\n\0')
  writeFileSync(join(root, 'rv/monitors/wip/enable'), '0\n\0')
  writeFileSync(join(root, 'rv/monitors/wip/reactors'), '[nop]\nprintk\npanic\n')
  return root
}
