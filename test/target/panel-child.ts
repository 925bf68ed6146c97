/*
 * A panel without a window, for tests that kill it: connects, enables wip with a
 * trace instance of its own and a reader on it, and says `ready`.
 */
import { targetSpec } from '../../src/contract/requests'
import { openTarget } from '../../src/observer'

const [specText = '', sshConfig = '', stateDir = '', password = ''] = process.argv.slice(2)
const spec = targetSpec.parse(JSON.parse(specText))
const port = await openTarget(spec, {
  models: [],
  stateDir,
  sshConfig,
  auth: { ask: ({ secret }) => Promise.resolve(secret ? password : 'yes') }
})
await port.setRestorePlan([
  { kind: 'file', path: 'rv/monitors/wip/enable', ours: '1', original: '0' },
  { kind: 'file', path: 'rv/monitors/wip/reactors', ours: 'printk', original: 'nop' },
  { kind: 'rmdir', path: 'instances/rvpanel-child' }
])
await port.mkdir('instances/rvpanel-child')
await port.write('instances/rvpanel-child/events/rv/event_wip/enable', '1\n', 'truncate')
await port.write('rv/monitors/wip/reactors', 'printk\n', 'truncate')
await port.write('rv/monitors/wip/enable', '1\n', 'truncate')
const stream = await port.stream('instances/rvpanel-child/trace_pipe')
await stream.next()
process.stdout.write('ready\n')
for (;;) if (!(await stream.next())) break
