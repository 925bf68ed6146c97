import type { RecordKind, TraceBatch } from './batch'
import type { ByteNames } from './names'

/** The columns of a batch while they are filled: row `count` is the one under construction. */
export class Columns implements TraceBatch {
  count = 0
  readonly kind: Uint8Array
  readonly timeSec: Uint32Array
  readonly timeNsec: Uint32Array
  readonly cpu: Uint16Array
  readonly pid: Int32Array
  readonly comm: Uint32Array
  readonly flags: Uint32Array
  readonly monitor: Uint32Array
  readonly hasId: Uint8Array
  readonly id: Int32Array
  readonly state: Uint32Array
  readonly event: Uint32Array
  readonly next: Uint32Array
  readonly final: Uint8Array
  readonly taskComm: Uint32Array
  readonly textStart: Uint32Array
  readonly textEnd: Uint32Array
  /** Of `bytes`. */
  readonly view: DataView

  constructor(
    readonly names: ByteNames,
    readonly bytes: Uint8Array,
    /** Rows. */
    readonly capacity: number
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.kind = new Uint8Array(capacity)
    this.timeSec = new Uint32Array(capacity)
    this.timeNsec = new Uint32Array(capacity)
    this.cpu = new Uint16Array(capacity)
    this.pid = new Int32Array(capacity)
    this.comm = new Uint32Array(capacity)
    this.flags = new Uint32Array(capacity)
    this.monitor = new Uint32Array(capacity)
    this.hasId = new Uint8Array(capacity)
    this.id = new Int32Array(capacity)
    this.state = new Uint32Array(capacity)
    this.event = new Uint32Array(capacity)
    this.next = new Uint32Array(capacity)
    this.final = new Uint8Array(capacity)
    this.taskComm = new Uint32Array(capacity)
    this.textStart = new Uint32Array(capacity)
    this.textEnd = new Uint32Array(capacity)
  }

  /** Ends the row as one without head and names, such as Lost and Malformed; `cpu` and `id` as given. */
  addBare(kind: RecordKind, cpu: number, id: number, textStart: number, textEnd: number): void {
    const row = this.count++
    this.kind[row] = kind
    this.cpu[row] = cpu
    this.hasId[row] = 0
    this.id[row] = id
    this.timeSec[row] = this.timeNsec[row] = 0
    this.pid[row] = 0
    this.comm[row] = this.flags[row] = this.monitor[row] = 0
    this.state[row] = this.event[row] = this.next[row] = this.taskComm[row] = 0
    this.final[row] = 0
    this.textStart[row] = textStart
    this.textEnd[row] = textEnd
  }
}
