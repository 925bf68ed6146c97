import { Errno } from './errno'
import type { RvMonitor } from './monitor'
import type { Reactor } from './reactors'

/** KERN_ALERT, the level of an oops. */
const ALERT = 1

/**
 * The list of monitors and what the control files do with it
 * (kernel/trace/rv/rv.c and rv_reactors.c). Containers are monitors without a
 * driver; their children stand directly behind them.
 */
export class MonitorList {
  private monitors: readonly RvMonitor[] = []

  constructor(private readonly printk: (level: number, text: string) => void) {}

  /** In the order of available_monitors. */
  get all(): readonly RvMonitor[] {
    return this.monitors
  }

  find(name: string): RvMonitor | undefined {
    return this.monitors.find((monitor) => monitor.name === name)
  }

  /** A top-level monitor goes to the end, a nested one directly behind its parent: the last one first. */
  add(monitor: RvMonitor): void {
    const at = monitor.parent === undefined ? -1 : this.monitors.indexOf(monitor.parent)
    const where = at < 0 ? this.monitors.length : at + 1
    this.monitors = [...this.monitors.slice(0, where), monitor, ...this.monitors.slice(where)]
  }

  remove(monitor: RvMonitor): void {
    this.monitors = this.monitors.filter((one) => one !== monitor)
  }

  /** Monitors of a container in list order: the last registered first. */
  childrenOf(container: RvMonitor): readonly RvMonitor[] {
    return this.monitors.filter(({ parent }) => parent === container)
  }

  /** rv_is_container_monitor(): never so for the last one of the list. */
  isContainer(monitor: RvMonitor): boolean {
    const next = this.monitors[this.monitors.indexOf(monitor) + 1]
    return next !== undefined && (next.parent === monitor || monitor.driver === undefined)
  }

  /** @throws Errno what the monitor's enable callback gave (EBUSY where no slot is free) */
  enable(monitor: RvMonitor): void {
    if (!this.isContainer(monitor)) {
      this.enableOne(monitor)
      return
    }
    try {
      for (const child of this.childrenOf(monitor)) this.enableOne(child)
    } catch (error) {
      this.disable(monitor)
      throw error
    }
    monitor.enabled = true
  }

  disable(monitor: RvMonitor): void {
    if (this.isContainer(monitor)) {
      for (const child of this.childrenOf(monitor)) this.disableOne(child)
    }
    this.disableOne(monitor)
  }

  disableAll(): void {
    for (const monitor of this.monitors) this.disableOne(monitor)
  }

  /** Every enabled monitor that can be reset, in list order. */
  resetAll(): void {
    for (const monitor of this.monitors) if (monitor.enabled) monitor.driver?.reset?.()
  }

  /** monitor_swap_reactors(), with its corner cases for containers. */
  swapReactor(monitor: RvMonitor, reactor: Reactor): void {
    if (this.isContainer(monitor)) {
      for (const child of this.childrenOf(monitor)) {
        if (child.reactor === reactor) continue
        this.disableOne(child)
        setReactor(child, reactor)
      }
    }
    if (monitor.reactor === reactor) return
    const { enabled } = monitor
    if (enabled) this.disable(monitor)
    setReactor(monitor, reactor)
    if (enabled) this.enableQuietly(monitor)
  }

  private enableOne(monitor: RvMonitor): void {
    if (monitor.enabled) return
    if (monitor.driver === undefined) {
      // An empty container at the end of the list: the kernel calls a null pointer here.
      this.printk(ALERT, 'BUG: kernel NULL pointer dereference, address: 0000000000000000')
      throw new Errno('EIO', `container ${monitor.name} is empty and last in the list: an oops`)
    }
    monitor.driver.enable()
    monitor.enabled = true
  }

  private disableOne(monitor: RvMonitor): void {
    if (!monitor.enabled) return
    monitor.enabled = false
    monitor.driver?.disable()
  }

  /** As the kernel, which ignores the result after a change of reactors. */
  private enableQuietly(monitor: RvMonitor): void {
    try {
      this.enable(monitor)
    } catch (error) {
      if (!(error instanceof Errno)) throw error
    }
  }
}

function setReactor(monitor: RvMonitor, reactor: Reactor): void {
  monitor.reactor = reactor
  monitor.react = reactor.react
}
