/** Functions of our own that handlers may need; each stands in NAME.c only where something calls it. */
export type Helper = 'dl_entity_id' | 'dl_server_id' | 'syscall_policy'

/** Headers of constants, by how their names begin. */
const CONSTANT_HEADERS: readonly (readonly [RegExp, string])[] = [
  [/^LCB_F_/, '<trace/events/lock.h>'],
  [/^DL_/, '<trace/events/sched.h>'],
  [/^FUTEX_/, '<uapi/linux/futex.h>'],
  [/^SCHED_/, '<uapi/linux/sched.h>'],
  [/^CLOCK_|^TIMER_/, '<linux/time.h>'],
  [/^TIF_/, '<linux/thread_info.h>'],
  [/^__NR_/, '<asm/unistd.h>'],
  [/^/, '<linux/sched.h>']
]

/** What the C text at hand needs besides itself, collected while it is made. */
export class CUses {
  readonly #headers = new Set<string>()
  readonly #helpers = new Set<Helper>()
  readonly #syscalls = new Set<string>()
  readonly #depends = new Set<string>()

  header(...names: readonly string[]): void {
    for (const name of names) this.#headers.add(name)
  }

  constant(name: string): void {
    this.header(CONSTANT_HEADERS.find(([start]) => start.test(name))?.[1] ?? '')
    if (name.startsWith('__NR_')) this.#syscalls.add(name)
  }

  /** @returns the name of the function. */
  helper(name: Helper): string {
    this.#helpers.add(name)
    return name
  }

  has(name: Helper): boolean {
    return this.#helpers.has(name)
  }

  /** A symbol of Kconfig, or several joined by ||, without which there is no such tracepoint. */
  depends(symbols: string): void {
    this.#depends.add(symbols)
  }

  get headers(): string[] {
    return [...this.#headers].sort()
  }

  /** Numbers of system calls, which not every architecture has. */
  get syscalls(): string[] {
    return [...this.#syscalls].sort()
  }

  get kconfig(): string[] {
    return [...this.#depends].sort().map((symbols) => `depends on ${symbols}`)
  }
}
