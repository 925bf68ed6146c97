import { describe, expect, it } from 'vitest'
import { directoryOf, MONITORS } from './catalog'
import { codeOf } from './kit'
import type { Fixture } from './suite'

const FILES = ['desc', 'enable', 'reactors']

/** Which files there are, and how they read. */
export function tree(fixture: Fixture): void {
  describe('the tree', () => {
    it('has a directory for each of available_monitors, and no other', async () => {
      const { rv } = fixture
      const available = await rv.lines('available_monitors')
      const found: string[] = []
      for (const { name } of await rv.port.list('rv/monitors')) {
        found.push(name)
        const entries = await rv.port.list(`rv/monitors/${name}`)
        const files = entries.filter((one) => !one.directory)
        expect(files.map((one) => one.name).sort()).toEqual(FILES)
        const children = entries.filter((one) => one.directory)
        found.push(...children.map((child) => `${name}:${child.name}`))
      }
      expect(found.sort()).toEqual([...available].sort())
    })

    it('has the files of rv/', async () => {
      const top = await fixture.rv.port.list('rv')
      expect(top.map(({ name, directory }) => (directory ? `${name}/` : name)).sort()).toEqual([
        'available_monitors',
        'available_reactors',
        'enabled_monitors',
        'monitoring_on',
        'monitors/',
        'reacting_on'
      ])
    })

    it('lists containers in order of registration, and their children backwards', async () => {
      expect(await fixture.rv.cat('available_monitors')).toBe(
        MONITORS.map(({ listed }) => `${listed}\n`).join('')
      )
    })

    it('has nothing for monitors that are not there, and says so', async () => {
      const { rv } = fixture
      expect(await codeOf(rv.cat('monitors/nobody/enable'))).toBe('ENOENT')
      expect(await codeOf(rv.append('monitors/nobody/enable', '1'))).toBe('ENOENT')
      expect(await codeOf(rv.port.list('rv/monitors/nobody'))).toBe('ENOENT')
      expect(await codeOf(rv.cat('monitors/wip'))).toBe('EISDIR')
    })

    it('has no place for new files and directories', async () => {
      const { rv } = fixture
      expect(await codeOf(rv.port.mkdir('rv/monitors/mine'))).toBe('EPERM')
      expect(await codeOf(rv.port.rmdir('rv/monitors/wip'))).toBe('EPERM')
    })

    it.each(['available_monitors', 'available_reactors', 'monitors/wip/desc'])(
      'cannot be written: %s',
      async (path) => {
        const before = await fixture.rv.cat(path)
        expect(await codeOf(fixture.rv.append(path, 'wip'))).toBe('EINVAL')
        expect(await fixture.rv.cat(path)).toBe(before)
      }
    )
  })

  describe('reading', () => {
    it('ends booleans and desc in newline and NUL', async () => {
      const { rv } = fixture
      expect(await rv.cat('monitoring_on')).toBe('1\n\0')
      expect(await rv.cat('reacting_on')).toBe('1\n\0')
      expect(await rv.cat('monitors/wip/enable')).toBe('0\n\0')
    })

    it('shows what each monitor is, and that it is off with the reactor nop', async () => {
      const { rv } = fixture
      const files = (name: string): Promise<string[]> =>
        Promise.all(MONITORS.map((one) => rv.cat(`monitors/${directoryOf(one)}/${name}`)))
      const [descriptions, enables, reactors] = await Promise.all(
        ['desc', 'enable', 'reactors'].map(files)
      )
      expect(descriptions).toEqual(MONITORS.map(({ description }) => `${description}\n\0`))
      expect(enables).toEqual(MONITORS.map(() => '0\n\0'))
      expect(reactors).toEqual(MONITORS.map(() => '[nop]\nprintk\npanic\n'))
    })

    it('ends lists in a newline alone', async () => {
      const { rv } = fixture
      expect(await rv.cat('available_reactors')).toBe('nop\nprintk\npanic\n')
      expect(await rv.cat('monitors/wip/reactors')).toBe('[nop]\nprintk\npanic\n')
      expect(await rv.cat('enabled_monitors')).toBe('')
    })
  })
}
