import type { Machine } from './machine'

/**
 * One instruction: acts at once, on behalf of `cpu`, in the context that runs
 * there. Returns further virtual ns until the next instruction (added to the
 * instruction's own cost), or HALT.
 */
export type Operation = (machine: Machine, cpu: number, argument: number) => number

/** The CPU stops until an interrupt. */
export const HALT = -1

/**
 * Code paths of the simulated kernel, linked. Instructions are columns: what to
 * do, with which argument, and how many virtual ns it takes until the next one
 * begins. Between two instructions with a cost an interrupt can arrive.
 */
export interface Program {
  readonly operations: readonly Operation[]
  readonly argument: Int32Array
  readonly cost: Int32Array
  /** Address of a routine. Throws for a name that is not there: a mistake in the simulator. */
  entry(name: string): number
}

/** Writes one routine. Labels are local to it. */
export interface RoutineWriter {
  op(operation: Operation, argument?: number, cost?: number): void
  /** An instruction whose argument is the address of a label. */
  jump(operation: Operation, label: string, cost?: number): void
  label(name: string): void
  call(routine: string): void
  ret(): void
}

interface Fixup {
  readonly at: number
  readonly name: string
}

export class Assembler {
  private readonly operations: Operation[] = []
  private readonly argument: number[] = []
  private readonly cost: number[] = []
  private readonly addresses = new Map<string, number>()
  private readonly fixups: Fixup[] = []

  routine(name: string, write: (r: RoutineWriter) => void): void {
    this.place(name)
    const op = (operation: Operation, argument = 0, cost = 0): void => {
      this.operations.push(operation)
      this.argument.push(argument)
      this.cost.push(cost)
    }
    const withAddress = (operation: Operation, target: string, cost: number): void => {
      this.fixups.push({ at: this.operations.length, name: target })
      op(operation, 0, cost)
    }
    write({
      op,
      jump: (operation, label, cost = 0) => withAddress(operation, `${name}.${label}`, cost),
      label: (label) => this.place(`${name}.${label}`),
      call: (routine) => withAddress(call, routine, 0),
      ret: () => op(ret)
    })
  }

  link(): Program {
    const addressOf = (name: string): number => {
      const address = this.addresses.get(name)
      if (address === undefined) throw new Error(`the simulated kernel has no routine ${name}`)
      return address
    }
    for (const { at, name } of this.fixups) this.argument[at] = addressOf(name)
    return {
      operations: this.operations,
      argument: Int32Array.from(this.argument),
      cost: Int32Array.from(this.cost),
      entry: addressOf
    }
  }

  private place(name: string): void {
    if (this.addresses.has(name)) throw new Error(`routine ${name} is there twice`)
    this.addresses.set(name, this.operations.length)
  }
}

/** An unconditional jump. */
export const jump: Operation = (m, cpu, target) => {
  m.pc[m.context[cpu]!] = target
  return 0
}

/** Nothing but its cost. */
export const nothing: Operation = () => 0

const call: Operation = (m, cpu, target) => {
  m.call(m.context[cpu]!, target)
  return 0
}

const ret: Operation = (m, cpu) => {
  const context = m.context[cpu]!
  m.pc[context] = m.pop(context)
  return 0
}
