/*
 * A panel without a window, for tests that kill it: goes through everything that a panel does to a
 * target, and says the name of each phase on a line of its own when it is in it.
 */
import { targetSpec } from '../../src/contract/requests'
import { createObserverService, openTarget } from '../../src/observer'
import { loadModels } from '../../src/target/load-models'
import type { TracefsPort } from '../../src/target/port'

const [specText = '', sshConfig = '', stateDir = '', password = '', wanted = ''] =
  process.argv.slice(2)
const spec = targetSpec.parse(JSON.parse(specText))
const { models, drawings } = await loadModels('models')

/** In the phase at whose name the test kills this process, it waits: nothing overtakes the kill. */
function phase(name: string): Promise<void> {
  if (name !== wanted) return Promise.resolve()
  process.stdout.write(`${name}\n`)
  // The phase goes on, as it does in a panel: the kill comes in its midst.
  return Promise.resolve()
}

/** Says when calls of the port show that a phase has begun. */
function watched(port: TracefsPort): TracefsPort {
  return new Proxy(port, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      return async (...args: unknown[]): Promise<unknown> => {
        const path = String(args[0])
        if (key === 'read' && path === 'rv/available_monitors') await phase('tree')
        if (key === 'write' && path.endsWith('/trigger')) await phase('arming')
        if (key === 'stream') await phase('opening')
        return Reflect.apply(value, target, args) as unknown
      }
    }
  })
}

const service = createObserverService({
  models,
  drawings,
  stateDir,
  openTarget: async (target) => {
    await phase('connecting')
    return watched(
      await openTarget(target, {
        models: [],
        stateDir,
        sshConfig,
        auth: { ask: ({ secret }) => Promise.resolve(secret ? password : 'yes') }
      })
    )
  }
})
await service.perform({ op: 'connect', target: spec })
await service.perform({ op: 'watch', monitor: 'wwnr', way: 'sample' })
await service.perform({ op: 'watch', monitor: 'sched:sco', way: 'count' })
await service.perform({ op: 'enable', monitor: 'wwnr', on: true })
await service.perform({ op: 'enable', monitor: 'wip', on: true })
await service.perform({ op: 'setReactor', monitor: 'wip', reactor: 'printk' })
await service.perform({ op: 'enable', monitor: 'wip', on: true })
await phase('streaming')
await phase('changing')
await service.perform({ op: 'setReactor', monitor: 'wwnr', reactor: 'printk' })
await service.perform({ op: 'switch', which: 'reacting_on', on: false })
await phase('leaving')
await service.perform({ op: 'disconnect' })
process.stdout.write('gone\n')
