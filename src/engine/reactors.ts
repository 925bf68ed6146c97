import { Errno } from './errno'
import type { EngineHost } from './host'
import { MAX_NAME_SIZE, utf8Length } from './limits'

/** Gets the kernel's message, newline included. */
export type ReactorFunction = (message: string) => void

/** struct rv_reactor: what happens when a monitor finds a violation. */
export interface Reactor {
  readonly name: string
  readonly react: ReactorFunction
}

/** Kernel log levels of the messages (kern_levels.h). */
const INFO = 6
/** What printk without a level gets (CONFIG_MESSAGE_LOGLEVEL_DEFAULT). */
const DEFAULT_LEVEL = 4

const withoutNewline = (text: string): string => (text.endsWith('\n') ? text.slice(0, -1) : text)

/** The list of reactors (kernel/trace/rv/rv_reactors.c), in order of registration. */
export class ReactorRegistry {
  private readonly reactors: Reactor[] = []

  constructor(
    private readonly host: EngineHost,
    /** Called when a panic reaction has stopped the machine. */
    halt: () => void
  ) {
    this.register({ name: 'nop', react: () => undefined })
    this.register({
      name: 'printk',
      react: (message) => host.printk(DEFAULT_LEVEL, withoutNewline(message))
    })
    this.register({
      name: 'panic',
      react: (message) => {
        halt()
        host.panic(withoutNewline(message))
      }
    })
  }

  get list(): readonly Reactor[] {
    return this.reactors
  }

  find(name: string): Reactor | undefined {
    return this.reactors.find((reactor) => reactor.name === name)
  }

  /** @throws Errno EINVAL for a name that is too long or taken */
  register(reactor: Reactor): void {
    if (utf8Length(reactor.name) >= MAX_NAME_SIZE) {
      const text = `Reactor ${reactor.name} has a name longer than ${MAX_NAME_SIZE}`
      this.host.printk(INFO, text)
      throw new Errno('EINVAL', text)
    }
    if (this.find(reactor.name) !== undefined) {
      const text = `Reactor ${reactor.name} is already registered`
      this.host.printk(INFO, text)
      throw new Errno('EINVAL', text)
    }
    this.reactors.push(reactor)
  }

  /** Takes it off the list; monitors that use it keep it. Unknown is no error. */
  unregister(name: string): void {
    const at = this.reactors.findIndex((reactor) => reactor.name === name)
    if (at >= 0) this.reactors.splice(at, 1)
  }
}
