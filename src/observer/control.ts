import type { Request } from '../contract/requests'
import type { Change, Switches, Undoable } from '../contract/state'
import type { Feed } from './feed'
import type { Fold } from './fold'
import type { MonitorState } from './monitor-state'
import type { RvClient } from './rv-client'
import type { RvTree } from './tree'
import { quoted, sentence } from './text'
import { differing, UndoLog, valuesOf, type UndoStep, type Values } from './undo'

/** Something that the user must read. */
export type Notify = (severity: 'info' | 'warning' | 'error', message: string) => void

/** Reactor files that are read in one round of the poll; the others have their turn in the next ones. */
const REACTORS_PER_POLL = 6

/**
 * The switches of a target: what they are, by whomever they were changed, and changing them. Live
 * state follows: the kernel resets a monitor's instances when it is disabled, when its reactor is
 * swapped and when monitoring_on comes back.
 */
export class Control {
  switches: Switches = { monitoringOn: true, reactingOn: null, reactors: null, stacks: false }
  readonly #client: RvClient
  readonly #fold: Fold
  readonly #target: string
  readonly #notify: Notify
  #feed: Feed | undefined
  #last: Promise<unknown> = Promise.resolve()
  #nextReactor = 0
  readonly #undo = new UndoLog()
  /** Monitors of whose events the user has been told that they cannot be switched. */
  readonly #complained = new Set<string>()

  constructor(client: RvClient, fold: Fold, target: string, notify: Notify) {
    this.#client = client
    this.#fold = fold
    this.#target = target
    this.#notify = notify
  }

  async readTree(): Promise<void> {
    const tree = await this.#client.readTree()
    this.#adopt(tree)
    const [first] = tree.refused
    if (first !== undefined) {
      this.#notify(
        'warning',
        `${this.#target} lists ${String(tree.refused.length)} monitors whose names are not names, such as ${quoted(first)}; they are left out.`
      )
    }
  }

  /** From here on the events of enabled monitors go into the feed. */
  async attach(feed: Feed): Promise<void> {
    this.#feed = feed
    for (const monitor of this.#fold.monitors) await this.#follow(monitor)
  }

  /** What can be taken back, and done again. */
  get undoable(): Undoable {
    return this.#undo.next
  }

  /** Does what a window asks; polls wait for it. */
  perform(request: Request): Promise<void> {
    return this.#serialised(async () => {
      switch (request.op) {
        case 'enable': {
          const { op, monitor, on } = request
          return this.#recorded({ op, monitor, on }, () => this.#enable(monitor, on))
        }
        case 'setReactor': {
          const { op, monitor, reactor, confirm } = request
          const act = (): Promise<void> => this.#setReactor(monitor, reactor, confirm)
          return this.#recorded({ op, monitor, reactor }, act)
        }
        case 'switch': {
          const { op, which, on } = request
          return this.#recorded({ op, which, on }, () => this.#setSwitch(which, on))
        }
        case 'stacks': {
          const { op, on } = request
          return this.#recorded({ op, on }, () => this.#setStacks(on))
        }
        case 'undo':
          return this.#goBack(this.#undo.takeUndo(), (step) => [step.after, step.before])
        case 'redo':
          return this.#goBack(this.#undo.takeRedo(), (step) => [step.before, step.after])
        default:
          throw new Error(`${request.op} is nothing that can be asked of a target.`)
      }
    })
  }

  /** Runs an action while nothing else is changed. */
  exclusively<T>(action: () => Promise<T>): Promise<T> {
    return this.#serialised(action)
  }

  /** Reads what others may have changed. */
  poll(): Promise<void> {
    return this.#serialised(async () => {
      await this.#pulse()
      if (this.switches.reactors === null) return
      const { monitors } = this.#fold
      for (let i = 0; i < Math.min(REACTORS_PER_POLL, monitors.length); i++) {
        const monitor = monitors[this.#nextReactor++ % monitors.length]
        if (monitor !== undefined) await this.#readReactor(monitor)
      }
    })
  }

  async #setStacks(on: boolean): Promise<void> {
    if (this.#feed === undefined) {
      throw new Error(`${this.#target} is shown without trace instances: it cannot record stacks.`)
    }
    try {
      await this.#feed.setStacks(on)
    } finally {
      this.switches = { ...this.switches, stacks: this.#feed.stacks }
    }
  }

  async #setSwitch(which: 'monitoring_on' | 'reacting_on', on: boolean): Promise<void> {
    await this.#client.setSwitch(which, on)
    await this.#pulse()
  }

  /** Does something and remembers what it changed; also where it was refused half way. */
  async #recorded(change: Change, act: () => Promise<void>): Promise<void> {
    const before = this.#values(change)
    try {
      await act()
    } finally {
      const after = this.#values(change)
      this.#undo.record({
        change,
        before: differing(before, after),
        after: differing(after, before)
      })
    }
  }

  /** The values that a change may touch. */
  #values(change: Change): Values {
    const values = valuesOf(
      this.#concernedBy(change).map(({ info }) => info),
      this.switches
    )
    return 'monitor' in change ? { ...values, switches: {} } : values
  }

  #concernedBy(change: Change): MonitorState[] {
    return 'monitor' in change ? this.#concerned(change.monitor) : []
  }

  /** Takes a step back, or does it again: from the first values to the second, where the first still hold. */
  async #goBack(
    taken: ReturnType<UndoLog['takeUndo']>,
    way: (step: UndoStep) => readonly [from: Values, to: Values]
  ): Promise<void> {
    if (taken === undefined) throw new Error('There is nothing that was changed.')
    const [from, to] = way(taken.step)
    await this.#pulse()
    for (const name of from.reactors.keys()) {
      for (const monitor of this.#named(name)) await this.#readReactor(monitor)
    }
    const now = valuesOf(
      this.#fold.monitors.map(({ info }) => info),
      this.switches
    )
    const others = differing(from, now)
    const changed = [
      ...new Set([...others.enabled.keys(), ...others.reactors.keys()]),
      ...(others.switches.monitoringOn === undefined ? [] : ['monitoring_on']),
      ...(others.switches.reactingOn === undefined ? [] : ['reacting_on'])
    ]
    if (changed.length > 0) {
      throw new Error(
        `${changed.join(', ')} of ${this.#target} ${changed.length === 1 ? 'was' : 'were'} changed by someone else since: nothing was undone.`
      )
    }
    // A container takes its monitors along: those that the change left alone stay as they are now.
    const { change } = taken.step
    const enabled = new Map(
      this.#concernedBy(change).map(({ info }) => [
        info.fullName,
        to.enabled.get(info.fullName) ?? info.enabled
      ])
    )
    await this.#restore({ ...to, enabled })
    taken.finished()
  }

  /** Brings values back: reactors first, since swapping one switches monitors off; containers before their monitors. */
  async #restore({ reactors, enabled, switches }: Values): Promise<void> {
    for (const [name, reactor] of reactors) {
      const [monitor] = this.#named(name)
      if (monitor === undefined || monitor.info.reactor === reactor) continue
      if (reactor === 'panic') {
        this.#notify(
          'warning',
          `The panic reactor of ${name} is not armed again by this: choose it yourself.`
        )
      } else await this.#setReactor(name, reactor, undefined)
    }
    for (const [name, on] of enabled) {
      const [monitor] = this.#named(name)
      if (monitor !== undefined && monitor.info.enabled !== on) await this.#enable(name, on)
    }
    const { monitoringOn, reactingOn, stacks } = switches
    if (monitoringOn !== undefined) await this.#setSwitch('monitoring_on', monitoringOn)
    if (typeof reactingOn === 'boolean') await this.#setSwitch('reacting_on', reactingOn)
    if (stacks !== undefined) await this.#setStacks(stacks)
  }

  #named(fullName: string): MonitorState[] {
    return this.#fold.monitors.filter(({ info }) => info.fullName === fullName)
  }

  async #enable(fullName: string, on: boolean): Promise<void> {
    const concerned = this.#concerned(fullName)
    // The first events may come before the write returns.
    const wereOff = concerned.map((monitor) => monitor.isOff)
    if (on) {
      for (const monitor of concerned) {
        await this.#feed?.setMonitor(monitor.info, true)
        monitor.isOff = false
      }
    }
    try {
      await this.#client.enable(fullName, on)
    } catch (error) {
      concerned.forEach((monitor, i) => {
        monitor.isOff = wereOff[i] ?? monitor.isOff
      })
      throw error
    } finally {
      await this.#pulse().catch(() => undefined)
    }
  }

  async #setReactor(fullName: string, reactor: string, confirm: string | undefined): Promise<void> {
    if (reactor === 'panic' && confirm !== this.#target) {
      throw new Error(
        `The panic reactor stops ${this.#target} at the next violation: to arm it, confirm with the target's name, ${quoted(this.#target)}.`
      )
    }
    const concerned = this.#concerned(fullName)
    try {
      await this.#client.setReactor(fullName, reactor)
    } finally {
      for (const monitor of concerned) {
        await this.#readReactor(monitor).catch(() => undefined)
      }
      await this.#pulse().catch(() => undefined)
    }
  }

  async #pulse(): Promise<void> {
    const pulse = await this.#client.readPulse()
    const comesBack = pulse.monitoringOn && !this.switches.monitoringOn
    const known = new Set(this.#fold.monitors.map((monitor) => monitor.info.fullName))
    if (pulse.available.some((name) => !known.has(name))) this.#adopt(await this.#client.readTree())
    for (const monitor of this.#fold.monitors) {
      const enabled = pulse.enabled.has(monitor.info.fullName)
      if (enabled === monitor.info.enabled) continue
      monitor.info = { ...monitor.info, enabled }
      this.#fold.infosChanged = true
      if (enabled) monitor.isOff = false
      else this.#fold.reset(monitor, true)
    }
    for (const monitor of this.#fold.monitors) await this.#follow(monitor)
    if (comesBack) {
      // LTL monitors have no reset callback.
      for (const m of this.#fold.monitors) {
        if (m.info.class !== 'ltl') this.#fold.reset(m, m.isOff)
      }
    }
    this.switches = {
      ...this.switches,
      monitoringOn: pulse.monitoringOn,
      reactingOn: pulse.reactingOn ?? null
    }
  }

  async #readReactor(monitor: MonitorState): Promise<void> {
    const reactor = await this.#client.readReactor(monitor.info.fullName)
    if (reactor === monitor.info.reactor) return
    monitor.info = { ...monitor.info, reactor }
    this.#fold.infosChanged = true
    // The kernel switches an enabled monitor off and on to swap its reactor.
    this.#fold.reset(monitor, monitor.isOff)
  }

  /** The monitor and, of a container, its children. */
  #concerned(fullName: string): MonitorState[] {
    return this.#fold.monitors.filter(
      ({ info }) => info.fullName === fullName || info.parent === fullName
    )
  }

  async #follow(monitor: MonitorState): Promise<void> {
    const { fullName } = monitor.info
    try {
      await this.#feed?.setMonitor(monitor.info, monitor.info.enabled)
      this.#complained.delete(fullName)
    } catch (error) {
      if (this.#complained.has(fullName)) return
      this.#complained.add(fullName)
      this.#notify(
        'warning',
        `The trace events of ${fullName} cannot be switched: ${sentence(error)}`
      )
    }
  }

  #adopt(tree: RvTree): void {
    const known = new Map(this.#fold.monitors.map((m) => [m.info.fullName, m] as const))
    for (const monitor of tree.monitors) {
      if (known.has(monitor.fullName)) continue
      this.#fold.addMonitor(monitor)
      this.#fold.infosChanged = true
    }
    this.switches = {
      monitoringOn: tree.monitoringOn,
      reactingOn: tree.reactingOn ?? null,
      reactors: tree.reactors === undefined ? null : [...tree.reactors],
      stacks: this.#feed?.stacks ?? false
    }
  }

  #serialised<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action)
    this.#last = result.catch(() => undefined)
    return result
  }
}
