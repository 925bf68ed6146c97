import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTarget } from '../../src/target/open'
import type { TracefsPort } from '../../src/target/port'
import type { RealTarget } from '../target/boot'
import { Rv } from './kit'
import { Remote } from './remote'
import { LOADS, type Load } from './loads'
import type { Conformance, Scene } from './suite'

/** A real kernel with what the suites need of it: the bridge, and load beside it. */
export class RealKernel {
  private readonly folder: Promise<string>
  private remote: Promise<Remote> | undefined
  private port: TracefsPort | undefined

  constructor(private readonly target: RealTarget) {
    this.folder = home()
  }

  /** Opens the bridge to it, anew each time. */
  async open(): Promise<TracefsPort> {
    const folder = await this.folder
    this.port = await openTarget(this.target.spec, {
      models: [],
      stateDir: folder,
      sshConfig: join(folder, 'config'),
      auth: {
        ask: ({ secret }) => Promise.resolve(secret ? this.target.password : 'yes')
      }
    })
    return this.port
  }

  /** Shells on it beside the bridge. */
  async shells(): Promise<Remote> {
    const config = join(await this.folder, 'config')
    this.remote ??= Remote.connect(this.target, config)
    return this.remote
  }

  /** A scene for each of the loads that are chosen, by the monitor that it violates. */
  scenes(chosen: (load: Load) => boolean): Conformance['scenes'] {
    const entries = Object.entries(LOADS).filter(([, load]) => chosen(load))
    return Object.fromEntries(entries.map(([name, { work }]) => [name, this.under(work)]))
  }

  /** A scene of the open port with a load of stress-ng. */
  private under(work: string): () => Promise<Scene> {
    return async () => {
      if (this.port === undefined) throw new Error('the target is not open')
      const stop = (await this.shells()).work(`stress-ng -q ${work}`)
      return { rv: new Rv(this.port), end: stop }
    }
  }

  async stop(): Promise<void> {
    await (await this.remote)?.close()
    await this.target.stop()
    await rm(await this.folder, { recursive: true, force: true })
  }
}

/** A test machine has a new host key at each boot; the user's own files stay as they are. */
async function home(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rvpanel-conformance-'))
  await writeFile(
    join(folder, 'config'),
    'Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n'
  )
  return folder
}
