import { afterEach, expect, it } from 'vitest'
import { nextTick } from 'vue'
import { emptyBatch, monitorInfo } from '../testing'
import { watchCommands } from '../keys/watch-commands'
import { inWindow } from './testing-mount'
import WatchSelect from './WatchSelect.vue'

afterEach(() => {
  document.body.innerHTML = ''
})

const monitor = monitorInfo('wip', { enabled: true })

it('says how a monitor is watched, at which rate, and why', async () => {
  const { port, panel, get, wrapper } = await inWindow(WatchSelect, { monitor, index: 0 })
  expect(get('watch-badge').textContent).toMatch(/^streamed\. Every event/)
  const sampled = {
    monitor: 0,
    chosen: 'auto',
    way: 'sample',
    raw: false,
    hz: 10,
    losing: false
  } as const
  const send = async (seq: number, watching: object): Promise<void> => {
    port.send({
      type: 'batch',
      seq,
      batch: emptyBatch({ watching: [{ ...sampled, rate: 0, ...watching }] })
    })
    panel.refresh()
    await nextTick()
  }
  await send(2, { rate: 312_500 })
  expect(get('watch-badge').textContent).toMatch(
    /^sampled 10 Hz\. .*Its rate was 312,500 events\/s\./
  )
  await send(3, { rate: 900, losing: true })
  expect(get('watch-badge').getAttribute('title')).toContain(
    'At 900 events/s the ring of its events overran.'
  )
  await send(4, { way: 'stream', raw: true })
  expect(get('watch-badge').textContent).toMatch(/^streamed raw\. Every event .* raw pages/)
  await send(5, { way: 'count', chosen: 'count', hz: 2 })
  expect(get('watch-badge').textContent).toMatch(
    /^counted 2 Hz\. .*state an instance is in is not known/
  )
  wrapper.unmount()
})

it('asks the target for another way, by command and by key', async () => {
  const { port, panel, wrapper } = await inWindow(WatchSelect, { monitor, index: 0 })
  panel.select('wip')
  const commands = watchCommands(panel, () => true)
  expect(commands.map(({ keys }) => keys?.[0])).toEqual(['w a', 'w s', 'w l', 'w c'])
  const count = commands.find(({ id }) => id === 'monitors.watch.count')
  expect(count?.enabled?.()).toBe(true)
  count?.run()
  expect(port.sent.at(-1)).toMatchObject({
    type: 'request',
    request: { op: 'watch', monitor: 'wip', way: 'count' }
  })
  wrapper.unmount()
})
