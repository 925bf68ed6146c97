import {
  parameterPath,
  TracefsError,
  type RestoreResult,
  type RestoreStep,
  type TargetEnd,
  type TargetInfo,
  type TaskInfo,
  type TracefsEntry,
  type TracefsPort,
  type TracefsStream
} from '../../target/port'

/** A byte stream that a test pushes into. */
export class FakeStream implements TracefsStream {
  readonly #queue: Uint8Array[] = []
  #wake: (() => void) | undefined
  #ended = false
  closed = false

  push(text: string | Uint8Array): void {
    this.#queue.push(typeof text === 'string' ? new TextEncoder().encode(text) : text)
    this.#wake?.()
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const bytes = this.#queue.shift()
      if (bytes !== undefined) return bytes
      if (this.#ended || this.closed) return undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  close(): Promise<void> {
    this.closed = true
    this.#wake?.()
    return Promise.resolve()
  }
}

/** A monitor of the scripted tree. */
export interface FakeMonitor {
  /** `wip` or `sched:sco`. */
  readonly name: string
  readonly shape?: 'da' | 'da-id' | 'ha' | 'ltl' | 'container'
  readonly description?: string
  readonly enabled?: boolean
  readonly reactor?: string
}

const COMMON = `	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
	field:int common_pid;	offset:4;	size:4;	signed:1;
`
const FIELDS = {
  da: ['__data_loc char[] state', '__data_loc char[] event', 'bool final_state'],
  ltl: ['char comm[16]', 'pid_t pid', '__data_loc char[] states', '__data_loc char[] atoms']
}

/** An in-memory tracefs whose files, refusals and streams a test scripts. */
export class FakePort implements TracefsPort {
  readonly info: TargetInfo
  readonly files = new Map<string, string>()
  readonly folders = new Set<string>(['instances', 'events/rv'])
  readonly streams = new Map<string, FakeStream>()
  readonly kernelLogStream = new FakeStream()
  readonly taskNames = new Map<number, string>()
  /** Thread groups of those that do not lead one. */
  readonly taskGroups = new Map<number, number>()
  /** Everything done to it, in order: `write PATH VALUE`, `mkdir PATH`, `plan N`, `close` … */
  readonly calls: string[] = []
  plan: readonly RestoreStep[] = []
  pids: readonly number[] = []
  /** Called before a write takes effect; throwing refuses it. Returning true: handled. */
  onWrite: (path: string, data: string) => boolean | undefined = () => undefined
  readonly ended: Promise<TargetEnd>
  /** Ends the target as a dead link or a panic does. */
  end: (end: TargetEnd) => void = () => undefined

  constructor(
    monitors: readonly FakeMonitor[],
    options: { reactors?: readonly string[] | null; info?: Partial<TargetInfo> } = {}
  ) {
    this.info = {
      kind: 'sim',
      name: 'scripted',
      release: '7.3.0',
      cpus: 4,
      tracefs: '/sys/kernel/tracing',
      bootId: '',
      ...options.info
    }
    this.ended = new Promise((resolve) => {
      this.end = resolve
    })
    const reactors = options.reactors === undefined ? ['nop', 'printk', 'panic'] : options.reactors
    this.files.set('rv/available_monitors', monitors.map((m) => `${m.name}\n`).join(''))
    this.files.set('rv/monitoring_on', '1\n\0')
    if (reactors !== null) {
      this.files.set('rv/reacting_on', '1\n\0')
      this.files.set('rv/available_reactors', reactors.map((r) => `${r}\n`).join(''))
    }
    for (const monitor of monitors) this.#addMonitor(monitor, reactors)
  }

  #addMonitor(monitor: FakeMonitor, reactors: readonly string[] | null): void {
    const folder = `rv/monitors/${monitor.name.replace(':', '/')}`
    const name = monitor.name.split(':').at(-1) ?? ''
    this.files.set(`${folder}/enable`, monitor.enabled === true ? '1\n\0' : '0\n\0')
    this.files.set(`${folder}/desc`, `${monitor.description ?? `about ${name}`}\n\0`)
    if (reactors !== null) {
      const current = monitor.reactor ?? 'nop'
      this.files.set(
        `${folder}/reactors`,
        reactors.map((r) => (r === current ? `[${r}]\n` : `${r}\n`)).join('')
      )
    }
    const shape = monitor.shape ?? 'da'
    if (shape === 'container') return
    const withId = shape === 'da-id' || shape === 'ha' ? ['int id'] : []
    const fields = [...withId, ...(shape === 'ltl' ? FIELDS.ltl : FIELDS.da)]
    const format = `name: event_${name}\nID: 1\nformat:\n${COMMON}\n${fields
      .map((f) => `\tfield:${f};\toffset:8;\tsize:4;\tsigned:1;\n`)
      .join('')}\nprint fmt: "%d", REC->id\n`
    for (const event of [`event_${name}`, `error_${name}`]) {
      this.folders.add(`events/rv/${event}`)
      this.files.set(`events/rv/${event}/format`, format)
    }
    if (shape === 'ha') this.folders.add(`events/rv/error_env_${name}`)
  }

  /** The text of a file, trimmed. */
  text(path: string): string {
    return (this.files.get(path) ?? '').replaceAll('\0', '').trim()
  }

  /** Where `instances/NAME-…suffix` is now, as `instances/NAME`. */
  instance(suffix: string): string {
    const found = [...this.folders].find((f) => f.startsWith('instances/') && f.endsWith(suffix))
    if (found === undefined) throw new Error(`no instance ${suffix}`)
    return found
  }

  /** The trace_pipe of the instance whose name ends so. */
  pipe(suffix: string): FakeStream {
    const stream = this.streams.get(`${this.instance(suffix)}/trace_pipe`)
    if (stream === undefined) throw new Error(`trace_pipe of ${suffix} is not open`)
    return stream
  }

  read(path: string): Promise<Uint8Array> {
    if (path === 'rv/enabled_monitors') {
      const on = this.text('rv/available_monitors')
        .split('\n')
        .filter((m) => this.text(`rv/monitors/${m.replace(':', '/')}/enable`) === '1')
      return Promise.resolve(new TextEncoder().encode(on.map((m) => `${m}\n`).join('')))
    }
    const text = this.files.get(path)
    if (text === undefined) {
      return Promise.reject(new TracefsError('ENOENT', path, `${path}: No such file or directory`))
    }
    return Promise.resolve(new TextEncoder().encode(text))
  }

  write(path: string, data: string): Promise<void> {
    this.calls.push(`write ${path} ${data}`)
    try {
      if (this.onWrite(path, data) === true) return Promise.resolve()
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error('refused'))
    }
    if (path.endsWith('/reactors')) {
      const names = this.text(path).replaceAll(/[[\]]/g, '').split('\n')
      this.files.set(path, names.map((r) => (r === data ? `[${r}]\n` : `${r}\n`)).join(''))
    } else {
      this.files.set(path, path.startsWith('rv/') ? `${data}\n\0` : `${data}\n`)
    }
    return Promise.resolve()
  }

  /** The files of parameters are among the others here: `stall/parameters/threshold_jiffies`. */
  async readParameter(module: string, name: string): Promise<string> {
    return new TextDecoder().decode(await this.read(parameterPath(module, name)))
  }

  async writeParameter(module: string, name: string, data: string): Promise<void> {
    await this.write(parameterPath(module, name), data)
  }

  list(path: string): Promise<readonly TracefsEntry[]> {
    const names = new Set<string>()
    for (const known of [...this.files.keys(), ...this.folders]) {
      if (known.startsWith(`${path}/`)) {
        const name = known.slice(path.length + 1).split('/')[0]
        if (name !== undefined) names.add(name)
      }
    }
    if (names.size === 0 && !this.folders.has(path)) {
      return Promise.reject(new TracefsError('ENOENT', path, `${path}: No such file or directory`))
    }
    return Promise.resolve(
      [...names].map((name) => ({ name, directory: this.folders.has(`${path}/${name}`) }))
    )
  }

  mkdir(path: string): Promise<void> {
    this.calls.push(`mkdir ${path}`)
    if (this.folders.has(path)) {
      return Promise.reject(new TracefsError('EEXIST', path, `${path}: File exists`))
    }
    this.folders.add(path)
    // CPU 1 was never online.
    for (const cpu of ['cpu0', 'cpu2']) {
      this.files.set(`${path}/per_cpu/${cpu}/stats`, 'entries: 0\noverrun: 0\n')
    }
    return Promise.resolve()
  }

  rmdir(path: string): Promise<void> {
    this.calls.push(`rmdir ${path}`)
    this.folders.delete(path)
    return Promise.resolve()
  }

  stream(path: string): Promise<TracefsStream> {
    const stream = new FakeStream()
    this.streams.set(path, stream)
    return Promise.resolve(stream)
  }

  kernelLog(): Promise<TracefsStream> {
    return Promise.resolve(this.kernelLogStream)
  }

  tasks(): Promise<ReadonlyMap<number, TaskInfo>> {
    const { taskNames, taskGroups } = this
    const info = (pid: number, comm: string): TaskInfo => ({
      comm,
      tgid: taskGroups.get(pid) ?? pid
    })
    return Promise.resolve(new Map([...taskNames].map(([pid, comm]) => [pid, info(pid, comm)])))
  }

  /** The agent's, and one reader for each stream that is open. */
  ownPids(): Promise<readonly number[]> {
    const readers = [...this.streams.keys()].map((_, i) => 9000 + i)
    return Promise.resolve([...this.pids, ...readers])
  }

  setRestorePlan(steps: readonly RestoreStep[]): Promise<void> {
    this.calls.push(`plan ${String(steps.length)}`)
    this.plan = steps
    return Promise.resolve()
  }

  async close(): Promise<readonly RestoreResult[]> {
    this.calls.push('close')
    const results: RestoreResult[] = []
    for (const step of this.plan) {
      if (step.kind === 'rmdir') {
        await this.rmdir(step.path)
        results.push({ step, outcome: 'restored', message: undefined })
        continue
      }
      const text = this.text(step.path)
      const now = step.path.endsWith('/reactors') ? (/\[(\w+)\]/.exec(text)?.[1] ?? '') : text
      const same = now === step.ours
      if (same) await this.write(step.path, step.original)
      results.push({
        step,
        outcome: same ? 'restored' : 'changed-by-others',
        message: undefined
      })
    }
    this.plan = []
    return results
  }
}
