import type { MonitorType } from '../model/instrumentation'
import type { MonitorModel } from '../model/load'
import {
  CONTEXT_VARIABLES,
  OBJECT_ATTRIBUTES,
  TASK_ATTRIBUTES,
  TRACEPOINTS
} from '../model/tracepoints'
import { deterministicAutomata } from './da'
import { Errno } from './errno'
import type { Catalogs } from './expressions'
import { hybridAutomata } from './ha'
import type { EngineHost } from './host'
import { DEFAULT_TASK_SLOTS, isDirectoryName, MAX_NAME_SIZE, utf8Length } from './limits'
import type {
  EngineCore,
  MonitorClass,
  MonitorDefinition,
  RvMonitor,
  Switches,
  TaskStorage
} from './monitor'
import { temporalLogic } from './ltl'
import { ParameterTable } from './parameters'
import { ReactorRegistry, type Reactor } from './reactors'
import { MonitorList } from './registry'
import { TaskSlots } from './slots'
import { TimerTable } from './timers'
import { TracepointBus, type TracepointShape } from './tracepoints'

export interface RvEngineOptions {
  /** CONFIG_RV_PER_TASK_MONITORS: slots that all per-task monitors share. Default 8. */
  readonly perTaskSlots?: number
  /** Tracepoints that this kernel has. Default: the catalog of src/model/tracepoints.ts. */
  readonly tracepoints?: readonly TracepointShape[]
  /** What instrumentation may ask of this kernel. Default: the catalogs of src/model/tracepoints.ts. */
  readonly catalogs?: Catalogs
  /** Classes of monitors that it can run. */
  readonly classes?: readonly MonitorClass[]
}

const INFO = 6
const CATALOGS = { context: CONTEXT_VARIABLES, task: TASK_ATTRIBUTES, object: OBJECT_ATTRIBUTES }

/**
 * The RV subsystem of one kernel: monitors, reactors and the two switches
 * (kernel/trace/rv/rv.c). Raise tracepoints on `bus`; the control files are
 * RvFiles. Refusals are Errno; what the kernel logs goes to host.printk().
 */
export class RvEngine {
  readonly bus: TracepointBus
  readonly reactors: ReactorRegistry
  /** Parameters of the registered monitors' modules. */
  readonly parameters = new ParameterTable()
  private readonly classes: readonly MonitorClass[]
  private readonly everRegistered: RvMonitor[] = []
  private readonly list: MonitorList
  private readonly switches: Switches = { monitoringOn: true, reactingOn: true }
  private readonly slots: TaskSlots<TaskStorage>
  private readonly core: EngineCore & { halted: boolean }

  constructor(
    private readonly host: EngineHost,
    options: RvEngineOptions = {}
  ) {
    this.bus = new TracepointBus(options.tracepoints ?? TRACEPOINTS)
    this.classes = options.classes ?? [deterministicAutomata, hybridAutomata, temporalLogic]
    this.slots = new TaskSlots(options.perTaskSlots ?? DEFAULT_TASK_SLOTS)
    this.reactors = new ReactorRegistry(host, () => {
      this.core.halted = true
    })
    this.list = new MonitorList((level, text) => host.printk(level, text))
    this.core = {
      host,
      bus: this.bus,
      slots: this.slots,
      timers: new TimerTable(host.timers),
      catalogs: options.catalogs ?? CATALOGS,
      parameters: this.parameters,
      switches: this.switches,
      halted: false,
      reacts: (monitor) => this.reacts(monitor),
      react: (monitor, message) => this.react(monitor, message)
    }
  }

  /** Monitors by index, those included that were unregistered since: what a trace sink looks up. */
  get monitors(): readonly RvMonitor[] {
    return this.everRegistered
  }

  /** Registered monitors and containers in the order of available_monitors. */
  get listed(): readonly RvMonitor[] {
    return this.list.all
  }

  /** Whether a panic reaction has stopped the machine: nothing is monitored any more. */
  get halted(): boolean {
    return this.core.halted
  }

  get monitoringOn(): boolean {
    return this.switches.monitoringOn
  }

  get reactingOn(): boolean {
    return this.switches.reactingOn
  }

  /** A registered monitor; names are unique across containers. */
  find(name: string): RvMonitor | undefined {
    return this.list.find(name)
  }

  /** Registers what was loaded: a monitor, or a container, which comes before its children. @throws Errno as registerMonitor() */
  register(model: MonitorModel): RvMonitor {
    return model.kind === 'container' ? this.registerContainer(model) : this.registerMonitor(model)
  }

  /**
   * rv_register_monitor() of a model with its instrumentation.
   * @throws Errno EINVAL for a name that is too long, a parent that is nested or not there, or
   *   a model that this engine cannot run; EEXIST for a name that is taken; ENOMEM for a name
   *   that can be no directory
   */
  registerMonitor(definition: MonitorDefinition): RvMonitor {
    const { monitor: name, description, parent, type, parameters } = definition.instrumentation
    const parentMonitor = parent === undefined ? undefined : this.find(parent)
    if (parent !== undefined && parentMonitor === undefined) {
      throw new Errno('EINVAL', `monitor ${name}: its container ${parent} is not registered`)
    }
    const monitor = this.newMonitor(name, description, parentMonitor, type, definition)
    this.check(monitor)
    this.parameters.add(name, parameters, this.host.timers.tick)
    try {
      monitor.driver = this.classOf(definition).create(monitor, definition, this.core)
    } catch (error) {
      this.parameters.remove(name)
      throw error
    }
    return this.add(monitor)
  }

  /** Registers a container: a monitor without a model, whose children name it as their parent. @throws Errno as registerMonitor() */
  registerContainer(container: { readonly name: string; readonly description: string }): RvMonitor {
    const { name, description } = container
    const monitor = this.newMonitor(name, description, undefined, undefined, undefined)
    this.check(monitor)
    return this.add(monitor)
  }

  /** rv_unregister_monitor(): disables it, takes it off the list, its children with it. */
  unregisterMonitor(monitor: RvMonitor): void {
    for (const child of this.list.childrenOf(monitor)) this.unregisterMonitor(child)
    this.list.disable(monitor)
    this.list.remove(monitor)
    this.parameters.remove(monitor.name)
    monitor.registered = false
  }

  /** @throws Errno EINVAL for a name that is too long or taken */
  registerReactor(reactor: Reactor): void {
    this.reactors.register(reactor)
  }

  /** Monitors that use it keep it. */
  unregisterReactor(name: string): void {
    this.reactors.unregister(name)
  }

  isContainer(monitor: RvMonitor): boolean {
    return this.list.isContainer(monitor)
  }

  /** Enables a monitor, or every child of a container. @throws Errno such as EBUSY */
  enable(monitor: RvMonitor): void {
    this.list.enable(monitor)
  }

  disable(monitor: RvMonitor): void {
    this.list.disable(monitor)
  }

  disableAll(): void {
    this.list.disableAll()
  }

  /** Chooses a reactor; an enabled monitor is disabled and enabled again. */
  setReactor(monitor: RvMonitor, reactor: Reactor): void {
    this.list.swapReactor(monitor, reactor)
  }

  /** Switching on what was off resets every enabled monitor, since it may have missed events. */
  setMonitoring(on: boolean): void {
    if (on && !this.switches.monitoringOn) this.list.resetAll()
    this.switches.monitoringOn = on
  }

  setReacting(on: boolean): void {
    this.switches.reactingOn = on
  }

  /** rv_task_fork(): to be called before the new task can raise a tracepoint. */
  taskCreated(task: number): void {
    this.slots.forEachOwner((owner) => owner.taskCreated(task))
  }

  /** To be called when a task has gone, before its index is used again. */
  taskExited(task: number): void {
    this.slots.forEachOwner((owner) => owner.taskExited?.(task))
  }

  /** A timer that a monitor armed has expired; see EngineTimers. */
  timerExpired(timer: number): void {
    this.core.timers.expired(timer)
  }

  private react(monitor: RvMonitor, message: string): void {
    if (this.reacts(monitor)) monitor.react?.(message)
  }

  private reacts(monitor: RvMonitor): boolean {
    return this.switches.reactingOn && monitor.react !== undefined && !monitor.silent
  }

  private newMonitor(
    name: string,
    description: string,
    parent: RvMonitor | undefined,
    type: MonitorType | undefined,
    definition: MonitorDefinition | undefined
  ): RvMonitor {
    return {
      index: this.everRegistered.length,
      name,
      description,
      parent,
      type,
      automaton: definition?.automaton,
      ltl: definition?.ltl,
      driver: undefined,
      registered: false,
      enabled: false,
      reactor: this.reactors.find('nop'),
      silent: definition?.instrumentation.reactions === 'none',
      react: undefined
    }
  }

  private classOf(definition: MonitorDefinition): MonitorClass {
    const found = this.classes.find((one) => one.accepts(definition))
    if (found !== undefined) return found
    const { automaton, ltl, instrumentation } = definition
    const kind =
      automaton === undefined
        ? ltl === undefined
          ? 'of an unknown class'
          : 'a formula of temporal logic'
        : `a ${automaton.kind === 'ha' ? 'hybrid' : 'deterministic'} automaton`
    const titles = this.classes.map(({ title }) => title).join(', ')
    throw new Errno(
      'EINVAL',
      `monitor ${instrumentation.monitor} is ${kind}; this kernel runs ${titles} only`
    )
  }

  /** What rv_register_monitor() asks, in its order. */
  private check(monitor: RvMonitor): void {
    const { name, parent } = monitor
    if (utf8Length(name) >= MAX_NAME_SIZE) {
      throw this.refuse('EINVAL', `Monitor ${name} has a name longer than ${MAX_NAME_SIZE}`)
    }
    if (this.find(name) !== undefined) {
      throw this.refuse('EEXIST', `Monitor ${name} is already registered`)
    }
    if (parent?.parent !== undefined) {
      throw this.refuse(
        'EINVAL',
        `Parent monitor ${parent.name} is already nested, cannot nest further`
      )
    }
    if (!isDirectoryName(name, parent !== undefined)) {
      throw new Errno(
        'ENOMEM',
        `no directory can be made for a monitor of the name ${JSON.stringify(name)}`
      )
    }
  }

  private add(monitor: RvMonitor): RvMonitor {
    monitor.registered = true
    this.everRegistered.push(monitor)
    this.list.add(monitor)
    return monitor
  }

  private refuse(code: 'EINVAL' | 'EEXIST', text: string): Errno {
    this.host.printk(INFO, text)
    return new Errno(code, text)
  }
}
