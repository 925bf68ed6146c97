import type { Request } from '../../src/contract/requests'
import { createObserverService, type ObserverService } from '../../src/observer/service'
import { WindowEnd } from '../../src/observer/testing/window-end'
import { RvClient } from '../../src/observer'
import { loadModels } from '../../src/target/load-models'
import { openTarget } from '../../src/target/open'
import type { TracefsPort } from '../../src/target/port'
import type { RealTarget } from './boot'
import { Home } from './home'

/** How long one thing may take on an emulated target, ms. */
export const PATIENCE = 90_000

/** A panel without a window on a real kernel, and a witness that looks at the target beside it. */
export class WatchedTarget {
  readonly home = new Home()
  service: ObserverService
  window: WindowEnd

  private constructor(
    readonly target: RealTarget,
    readonly witness: TracefsPort,
    home: Home,
    service: ObserverService
  ) {
    this.home = home
    this.service = service
    this.window = new WindowEnd(service)
    this.window.hello()
  }

  static async begin(target: RealTarget): Promise<WatchedTarget> {
    const home = new Home()
    const options = home.options(({ secret }) => (secret ? target.password : 'yes'))
    const witness = await openTarget(target.spec, options)
    const { models, drawings } = await loadModels('models')
    const service = createObserverService({
      models,
      drawings,
      stateDir: home.stateDir,
      openTarget: () => openTarget(target.spec, options)
    })
    return new WatchedTarget(target, witness, home, service)
  }

  async connect(): Promise<void> {
    await this.service.perform({ op: 'connect', target: this.target.spec })
  }

  async ask(request: Request): Promise<void> {
    await this.service.perform(request)
  }

  async end(): Promise<void> {
    await this.service.close()
    await this.witness.close()
    this.home.remove()
    await this.target.stop()
  }

  async read(path: string): Promise<string> {
    return Buffer.from(await this.witness.read(path))
      .toString('latin1')
      .replace('\0', '')
      .trim()
  }

  /** The trace instance of the panel whose name ends so. */
  async instance(suffix: string): Promise<string> {
    const names = (await this.witness.list('instances')).map(({ name }) => name)
    const found = names.find((name) => name.endsWith(suffix))
    if (found === undefined) throw new Error(`no instance ${suffix} among ${names.join(' ')}`)
    return `instances/${found}`
  }

  /** Everything that a panel may change. */
  async tree(): Promise<string> {
    const { monitors, monitoringOn, reactingOn } = await new RvClient(this.witness).readTree()
    const instances = (await this.witness.list('instances')).map(({ name }) => name)
    const short = monitors.map(({ fullName, enabled, reactor }) => [fullName, enabled, reactor])
    return JSON.stringify([short, monitoringOn, reactingOn, instances])
  }

  /** Waits for what nothing announces. */
  async until(what: string, done: () => boolean | Promise<boolean>): Promise<void> {
    const limit = performance.now() + PATIENCE
    while (!(await done())) {
      if (performance.now() > limit) throw new Error(`waited in vain for ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  async untilTree(wanted: string): Promise<void> {
    let now = ''
    try {
      await this.until('the tree', async () => (now = await this.tree()) === wanted)
    } catch {
      throw new Error(`the tree is ${now} instead of ${wanted}`)
    }
  }
}
