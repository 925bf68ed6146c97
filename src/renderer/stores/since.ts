import { ref, shallowReactive } from 'vue'

/** From when on, and from which count, violations of a monitor are counted for the user. */
interface Base {
  readonly count: number
  /** ms since 1970. */
  readonly at: number
}

/** Violations since when: since the connection, or since the user said "from now". */
export class Since {
  private readonly bases = shallowReactive(new Map<string, Base>())
  /** When the target was connected, ms since 1970. */
  readonly connected = ref(0)

  /** A new connection: every count begins anew. */
  restart(at: number): void {
    this.bases.clear()
    this.connected.value = at
  }

  /** Counts from now on; `total` is the monitor's count since the connection. */
  reset(fullName: string, total: number, at: number): void {
    this.bases.set(fullName, { count: total, at })
  }

  /** Counts since the connection again. */
  forget(): void {
    this.bases.clear()
  }

  get anyReset(): boolean {
    return this.bases.size > 0
  }

  /** Violations to show of a monitor that had `total` since the connection. */
  count(fullName: string, total: number): number {
    return Math.max(0, total - (this.bases.get(fullName)?.count ?? 0))
  }

  /** When the count began, ms since 1970. */
  of(fullName: string): number {
    return this.bases.get(fullName)?.at ?? this.connected.value
  }
}
