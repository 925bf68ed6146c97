import type { Parameter } from '../model/instrumentation'
import { Errno } from './errno'

/** A parameter of a monitor's module as it is now. */
export interface ModuleParameter {
  /** Name of the monitor. */
  readonly module: string
  readonly name: string
  readonly unit: Parameter['unit']
  readonly description: string
  /** A u64. */
  readonly value: bigint
  /** The signed number with the same 64 bits, for expressions; beyond 2^53 the nearest one. */
  readonly number: number
}

type Entry = { -readonly [Key in keyof ModuleParameter]: ModuleParameter[Key] }

const signed = (value: bigint): number => Number(BigInt.asIntN(64, value))

const U64_MAX = 0xffff_ffff_ffff_ffffn

/** The parameters of monitors: /sys/module/MODULE/parameters/NAME, module_param(..., ullong, 0644). */
export class ParameterTable {
  private readonly entries: Entry[] = []

  /** In order of registration. */
  list(): readonly ModuleParameter[] {
    return this.entries
  }

  find(module: string, name: string): ModuleParameter | undefined {
    return this.entries.find((entry) => entry.module === module && entry.name === name)
  }

  /** What the parameter's file reads: the value and a newline. @throws Errno ENOENT */
  get(module: string, name: string): string {
    return `${this.entry(module, name).value}\n`
  }

  /**
   * What one write to the parameter's file does. It takes effect at the next event or timer.
   * @throws Errno ENOENT for a parameter that is not there; EINVAL, ERANGE as kstrtoull()
   */
  set(module: string, name: string, text: string): void {
    const entry = this.entry(module, name)
    entry.value = parseUnsigned(text)
    entry.number = signed(entry.value)
  }

  /** Parameters of a monitor that is registered. */
  add(module: string, parameters: readonly Parameter[], tick: number): void {
    for (const { name, unit, description, default: initial } of parameters) {
      const number = initial === 'tick' ? tick : initial
      const value = BigInt.asUintN(64, BigInt(number))
      this.entries.push({ module, name, unit, description, value, number: signed(value) })
    }
  }

  /** Parameters of a monitor that goes. */
  remove(module: string): void {
    for (let i = this.entries.length - 1; i >= 0; i--) {
      if (this.entries[i]?.module === module) this.entries.splice(i, 1)
    }
  }

  private entry(module: string, name: string): Entry {
    const entry = this.entries.find((one) => one.module === module && one.name === name)
    if (entry === undefined) throw new Errno('ENOENT', `module ${module} has no parameter ${name}`)
    return entry
  }
}

/**
 * kstrtoull(text, 0) of lib/kstrtox.c: decimal, hexadecimal behind `0x`, octal
 * behind `0`; a `+` before and one newline behind are allowed, blanks are not.
 * @throws Errno ERANGE above 2^64 - 1, EINVAL for anything else
 */
export function parseUnsigned(text: string): bigint {
  // The kernel's buffer ends at the first NUL.
  const [line = ''] = text.split('\0', 1)
  const found = /^\+?(?:0[xX]([0-9a-fA-F]+)|0([0-7]*)|([1-9][0-9]*))/.exec(line)
  if (found === null) throw refused(text)
  const [all, hexadecimal, octal, decimal] = found
  const value =
    hexadecimal !== undefined
      ? BigInt(`0x${hexadecimal}`)
      : octal !== undefined
        ? BigInt(`0o0${octal}`)
        : BigInt(decimal ?? '')
  if (value > U64_MAX) throw new Errno('ERANGE', 'expected a number below 2^64')
  const rest = line.slice(all.length)
  if (rest !== '' && rest !== '\n') throw refused(text)
  return value
}

function refused(text: string): Errno {
  return new Errno(
    'EINVAL',
    `expected an unsigned number, not ${JSON.stringify(text.slice(0, 40))}`
  )
}
