import { isSafePath, TracefsError, type RestoreResult, type TracefsPort } from '../target/port'
import { readPulse, readTree, type KnownType, type RvPulse } from './read-tree'
import { RestorePlan, RestoreRank } from './restore-plan'
import { TraceInstance } from './trace-instance'
import { fileText, isPlainName, quoted, sentence } from './text'
import { parseReactors, type RvMonitor, type RvTree } from './tree'

export type SwitchName = 'monitoring_on' | 'reacting_on'

/** Per-task, or of a type that is not known and with an id. */
const mayHaveSlot = ({ type, hasId, class: of }: RvMonitor): boolean =>
  of !== 'container' && (type === 'per_task' || (type === 'unknown' && hasId))

/** One file that a change touches: what it reads now, and what it will read. */
interface Touched {
  readonly rank: RestoreRank
  readonly path: string
  readonly current: string
  readonly ours: string
  /** The restore of another file changes this one on its way: the step stands though the value does not change now. */
  readonly standing?: boolean
}

/**
 * The RV client over a Tracefs port: reads whatever tree the kernel has, and changes it so that
 * everything can be put back: each change is in the port's restore plan before it takes effect.
 * Changes run one after the other. Refusals are TracefsErrors with one sentence for the user.
 */
export class RvClient {
  readonly #port: TracefsPort
  readonly #known: KnownType
  readonly #plan = new RestorePlan()
  #tree: RvTree | undefined
  #last: Promise<unknown> = Promise.resolve()

  /** `known` gives the type of monitors whose model the panel has; the files alone do not tell per-CPU from global. */
  constructor(port: TracefsPort, known: KnownType = () => undefined) {
    this.#port = port
    this.#known = known
  }

  /** Reads the whole rv/ tree. Rejects with one sentence where the target has none. */
  async readTree(): Promise<RvTree> {
    const tree = await readTree(this.#port, this.#known)
    this.#tree = tree
    return tree
  }

  /** Reads what others may have changed, in four reads. */
  readPulse(): Promise<RvPulse> {
    return readPulse(this.#port)
  }

  /** The reactor that a monitor has now; undefined where the kernel has no reactors. */
  async readReactor(fullName: string): Promise<string | undefined> {
    const monitor = await this.#monitor(fullName)
    if (monitor.reactor === undefined) return undefined
    return parseReactors(await this.#text(`${monitor.path}/reactors`)).current
  }

  /** The monitor's enable file as it reads now. */
  async readEnabled(fullName: string): Promise<boolean> {
    const monitor = await this.#monitor(fullName)
    return (await this.#text(`${monitor.path}/enable`)) === '1'
  }

  /** Switches a monitor or a container through its own enable file. Nothing is written where it already is so. */
  enable(fullName: string, on: boolean): Promise<void> {
    return this.#serialised(async () => {
      const monitor = await this.#monitor(fullName)
      const path = `${monitor.path}/enable`
      const value = on ? '1' : '0'
      const current = await this.#text(path)
      if (current === value) return
      const touched: Touched[] = [{ rank: RestoreRank.MonitorOff, path, current, ours: value }]
      for (const child of this.#children(monitor)) {
        const childPath = `${child.path}/enable`
        const was = await this.#text(childPath)
        if (was !== value) {
          touched.push({ rank: RestoreRank.MonitorOff, path: childPath, current: was, ours: value })
        } else if (on) {
          // Putting the container back switches off this child too, which was on before: it has to
          // come back on afterwards.
          touched.push({
            rank: RestoreRank.MonitorOff,
            path: childPath,
            current: was,
            ours: '0',
            standing: true
          })
        }
      }
      await this.#change(touched, async () => {
        try {
          await this.#port.write(path, value, 'truncate')
        } catch (error) {
          throw on ? await this.#enableRefused(monitor, error) : error
        }
      })
    })
  }

  /** Chooses a monitor's or a container's reactor. The panic reactor needs the caller's own confirmation. */
  setReactor(fullName: string, reactor: string): Promise<void> {
    return this.#serialised(async () => {
      const monitor = await this.#monitor(fullName)
      const path = `${monitor.path}/reactors`
      if (!isPlainName(reactor)) {
        throw new TracefsError(
          'EINVAL',
          path,
          `${quoted(reactor)} is no reactor: expected a name of letters, digits and _.`
        )
      }
      if (monitor.reactor === undefined) {
        throw new TracefsError(
          'ENOENT',
          path,
          `${fullName} has no reactors: this kernel was built without CONFIG_RV_REACTORS.`
        )
      }
      const now = parseReactors(await this.#text(path))
      if (!now.names.includes(reactor)) {
        throw new TracefsError(
          'EINVAL',
          path,
          `${fullName} has no reactor ${reactor}: expected one of ${now.names.join(', ')}.`
        )
      }
      const touched: Touched[] = []
      // A swap propagates to a container's children, switching those off that it changes.
      for (const member of [monitor, ...this.#children(monitor)]) {
        const file = `${member.path}/reactors`
        const current = parseReactors(await this.#text(file)).current ?? ''
        if (current === reactor) continue
        touched.push({ rank: RestoreRank.Reactor, path: file, current, ours: reactor })
        const enable = `${member.path}/enable`
        if (member === monitor) continue
        const enabled = await this.#text(enable)
        const ours = monitor.reactor === reactor ? '0' : enabled
        touched.push({ rank: RestoreRank.MonitorOff, path: enable, current: enabled, ours })
      }
      if (touched.length === 0) return
      await this.#change(touched, () => this.#port.write(path, reactor, 'truncate'))
    })
  }

  /** Sets one of the two global switches. */
  setSwitch(which: SwitchName, on: boolean): Promise<void> {
    return this.#serialised(async () => {
      const path = `rv/${which}`
      if (which === 'reacting_on' && (await this.#knownTree()).reactingOn === undefined) {
        throw new TracefsError(
          'ENOENT',
          path,
          'There is no reacting_on: this kernel was built without CONFIG_RV_REACTORS.'
        )
      }
      const current = await this.#text(path)
      const value = on ? '1' : '0'
      if (current === value) return
      await this.#change([{ rank: RestoreRank.Switch, path, current, ours: value }], () =>
        this.#port.write(path, value, 'truncate')
      )
    })
  }

  /**
   * Makes a trace instance of the panel's own. Where the name is taken (another panel, or what a
   * crash left) a number is appended.
   */
  createInstance(name: string): Promise<TraceInstance> {
    return this.#serialised(async () => {
      for (let attempt = 1; ; attempt++) {
        const path = `instances/${attempt === 1 ? name : `${name}-${String(attempt)}`}`
        if (!isSafePath(path)) {
          throw new TracefsError('EINVAL', path, `${quoted(name)} cannot name a trace instance.`)
        }
        if (await this.#exists(path)) {
          if (attempt < 100) continue
          throw new TracefsError('EEXIST', path, `A trace instance ${name} is already there.`)
        }
        this.#plan.noteInstance(path)
        await this.#port.setRestorePlan(this.#plan.steps())
        try {
          await this.#port.mkdir(path)
          return new TraceInstance(this.#port, path)
        } catch (error) {
          this.#plan.forget(path)
          await this.#port.setRestorePlan(this.#plan.steps())
          if (error instanceof TracefsError && error.code === 'EEXIST' && attempt < 100) continue
          throw error
        }
      }
    })
  }

  /**
   * Has the kernel record the stack behind each record of these events in a trace instance of the
   * panel's own, or no more. Rejects with the target's refusal: then none of them has it, or, where
   * it was to go, those that still have it are in the plan.
   */
  setStacks(instance: TraceInstance, events: readonly string[], on: boolean): Promise<void> {
    return this.#serialised(async () => {
      const paths = events.map((event) => instance.triggerPath(event))
      if (on) {
        for (const path of paths) this.#plan.noteStackTrigger(path)
        await this.#port.setRestorePlan(this.#plan.steps())
      }
      let set = on ? 0 : events.length
      try {
        for (; on && set < events.length; set++) await instance.setStack(events[set] ?? '', true)
      } catch (error) {
        await this.#takeStacks(instance, events, paths, set).catch(() => undefined)
        throw error
      }
      if (!on) await this.#takeStacks(instance, events, paths, set)
    })
  }

  /** Removes the triggers of the first `count` events; what has none any more leaves the plan. */
  async #takeStacks(
    instance: TraceInstance,
    events: readonly string[],
    paths: readonly string[],
    count: number
  ): Promise<void> {
    let left = count
    try {
      for (; left > 0; left--) await instance.setStack(events[left - 1] ?? '', false)
    } finally {
      for (const path of paths.slice(left)) this.#plan.forget(path)
      await this.#port.setRestorePlan(this.#plan.steps())
    }
  }

  /** Removes a trace instance; its streams must be closed. */
  removeInstance(instance: TraceInstance): Promise<void> {
    return this.#serialised(async () => {
      await this.#port.rmdir(instance.path)
      this.#plan.forgetInstance(instance.path)
      await this.#port.setRestorePlan(this.#plan.steps())
    })
  }

  /** Puts everything back and ends the link; resolves when the changes under way are done. */
  close(): Promise<readonly RestoreResult[]> {
    return this.#serialised(() => this.#port.close())
  }

  #serialised<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action)
    this.#last = result.catch(() => undefined)
    return result
  }

  async #change(touched: readonly Touched[], action: () => Promise<void>): Promise<void> {
    const before = touched.map((file) => this.#plan.entry(file.path))
    for (const file of touched) {
      this.#plan.note(file.rank, file.path, file.current, file.ours)
    }
    await this.#port.setRestorePlan(this.#plan.steps())
    let done = false
    try {
      await action()
      done = true
    } finally {
      // What really became of each file: the kernel may have refused half way, or changed more.
      let corrected = false
      for (const [i, file] of touched.entries()) {
        if (done && file.standing === true) continue
        const actual = await this.#value(file.path).catch(() => file.ours)
        if (actual === file.ours && file.standing !== true) continue
        this.#plan.reset(file.path, before[i])
        if (actual !== file.current) {
          this.#plan.note(file.rank, file.path, file.current, actual)
        }
        corrected = true
      }
      if (corrected) {
        await this.#port.setRestorePlan(this.#plan.steps()).catch((error: unknown) => {
          if (done) throw error
        })
      }
    }
  }

  /** A file's value in the form in which the restore plan compares it. */
  async #value(path: string): Promise<string> {
    const text = await this.#text(path)
    return path.endsWith('/reactors') ? (parseReactors(text).current ?? '') : text
  }

  async #text(path: string): Promise<string> {
    return fileText(await this.#port.read(path)).trim()
  }

  async #exists(path: string): Promise<boolean> {
    const slash = path.lastIndexOf('/')
    const entries = await this.#port.list(path.slice(0, slash))
    return entries.some((entry) => entry.name === path.slice(slash + 1))
  }

  async #knownTree(): Promise<RvTree> {
    return this.#tree ?? (await this.readTree())
  }

  #children(monitor: RvMonitor): readonly RvMonitor[] {
    if (monitor.class !== 'container') return []
    return (this.#tree?.monitors ?? []).filter((other) => other.parent === monitor.name)
  }

  async #monitor(fullName: string): Promise<RvMonitor> {
    const find = (tree: RvTree): RvMonitor | undefined =>
      tree.monitors.find((monitor) => monitor.fullName === fullName)
    const found = find(await this.#knownTree()) ?? find(await this.readTree())
    if (found !== undefined) return found
    throw new TracefsError(
      'EINVAL',
      'rv/available_monitors',
      `${this.#port.info.name} has no monitor ${quoted(fullName)}.`
    )
  }

  /** The kernel's reason in words that say what to do. */
  async #enableRefused(monitor: RvMonitor, error: unknown): Promise<unknown> {
    if (!(error instanceof TracefsError)) return error
    if (error.code === 'EBUSY') {
      const tree = await this.readTree().catch(() => this.#tree)
      const holders = (tree?.monitors ?? []).filter(
        (other) => other.enabled && mayHaveSlot(other) && other.fullName !== monitor.fullName
      )
      const by = holders.length === 0 ? '' : ` (by ${holders.map((m) => m.fullName).join(', ')})`
      const words = `${monitor.fullName} cannot be enabled: all per-task monitor slots of this kernel are taken${by}; disable one of them first.`
      return new TracefsError('EBUSY', error.path, words)
    }
    const words = `${monitor.fullName} cannot be enabled: ${sentence(error)}`
    return new TracefsError(error.code, error.path, words)
  }
}
