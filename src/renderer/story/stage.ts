import type { MonitorTab, Panel } from '../stores/panel'
import type { Violation } from '../../contract/state'

/** What steps of a story do with the simulated kernel, and look at. */
export class Stage {
  /** Places of a story to keep what a later step needs. */
  readonly kept = new Map<string, number>()
  readonly #panel: Panel

  constructor(panel: Panel) {
    this.#panel = panel
  }

  /** Boots the simulated kernel with a fault, or a correct one; a monitor of the fault is enabled. */
  async boot(scenario: string | null, signal: AbortSignal, cpus = 4): Promise<void> {
    const { target } = this.#panel
    const before = target.value.generation
    const settings = { cpus, tasks: 24, seed: 1, ...(scenario === null ? {} : { scenario }) }
    await this.#panel.connect({ kind: 'sim', settings }, false)
    const isUp = (): boolean =>
      target.value.generation !== before &&
      target.value.phase === 'connected' &&
      this.#panel.monitors.value.length > 0
    await this.when(isUp, signal)
  }

  async enable(monitor: string, on = true): Promise<void> {
    if (this.isEnabled(monitor) !== on) await this.#panel.ask({ op: 'enable', monitor, on })
  }

  /** Switches off all but these. */
  async only(...monitors: readonly string[]): Promise<void> {
    for (const { fullName, enabled, class: kind } of this.#panel.monitors.value) {
      if (enabled && kind !== 'container' && !monitors.includes(fullName)) {
        await this.enable(fullName, false)
      }
    }
    for (const monitor of monitors) await this.enable(monitor)
  }

  show(monitor: string, tab: MonitorTab = 'automaton'): void {
    this.#panel.select(monitor)
    this.#panel.tab.value = tab
    this.#panel.goLive()
  }

  showTimeline(): void {
    this.#panel.settings.bottomOpen = true
    this.#panel.settings.bottomTab = 'timeline'
  }

  /** Virtual seconds per second. */
  async speed(factor: number): Promise<void> {
    await this.#panel.ask({ op: 'simulatorSpeed', factor })
    await this.run()
  }

  async pause(): Promise<void> {
    await this.#panel.ask({ op: 'simulator', action: 'pause' })
  }

  async run(): Promise<void> {
    await this.#panel.ask({ op: 'simulator', action: 'resume' })
  }

  isEnabled(monitor: string): boolean {
    return this.#panel.monitors.value[this.#panel.indexOf(monitor)]?.enabled ?? false
  }

  /** Transitions of a monitor so far. */
  events(monitor: string): number {
    return this.#panel.live[this.#panel.indexOf(monitor)]?.eventsTotal ?? 0
  }

  /** The newest violation of a monitor. */
  violation(monitor: string): Violation | undefined {
    const index = this.#panel.indexOf(monitor)
    return this.#panel.violations.groups().find((group) => group.monitor === index)?.newest
  }

  /** Virtual time since boot, s. */
  get time(): number {
    const [sec, nsec] = this.#panel.simulatorTime ?? [0, 0]
    return sec + nsec / 1e9
  }

  /** Waits, a frame at a time, until something holds. Rejects when the step is left. */
  when(holds: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.#panel.frames.add(() => {
        if (signal.aborted || holds()) {
          stop()
          if (signal.aborted) reject(new Error('The step was left.'))
          else resolve()
        } else this.#panel.frames.ask()
      })
      this.#panel.frames.ask()
    })
  }
}
