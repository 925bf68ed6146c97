import { computed } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { Commands, type Command } from './commands'

const command = (id: string, more: Partial<Command> = {}): Command => ({
  id,
  group: 'window',
  title: id,
  run: () => undefined,
  ...more
})

describe('the commands of the window', () => {
  it('stand in the order of their groups', () => {
    const commands = new Commands()
    commands.add(command('b'), command('a', { group: 'target' }))
    expect(commands.all.map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('are listed anew when a view comes and goes', () => {
    const commands = new Commands()
    const count = computed(() => commands.all.length)
    expect(count.value).toBe(0)
    const remove = commands.add(command('a'))
    expect(count.value).toBe(1)
    remove()
    expect(count.value).toBe(0)
  })

  it('of the same id the later one counts, and stays when the earlier one goes', () => {
    const commands = new Commands()
    const remove = commands.add(command('a', { title: 'old' }))
    commands.add(command('a', { title: 'new' }))
    remove()
    expect(commands.get('a')?.title).toBe('new')
  })

  it('run only where they are possible', () => {
    const run = vi.fn()
    const commands = new Commands()
    commands.add(command('a', { run, enabled: () => false }), command('b', { run }))
    expect(commands.run('a')).toBe(false)
    expect(commands.run('nothing')).toBe(false)
    expect(run).not.toHaveBeenCalled()
    expect(commands.run('b')).toBe(true)
    expect(run).toHaveBeenCalledOnce()
  })
})
