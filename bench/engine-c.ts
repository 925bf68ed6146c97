import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a C program found out: events per second, and what it came to. */
export interface CResult {
  readonly perSecond: number
  readonly sums: readonly number[]
}

/**
 * Compiles and runs a program of this folder.
 * @param source a .c file
 * @param generated header `model.h` that it includes; undefined where it needs none
 * @param data arrays that it reads from a file, in this order
 * @returns its figures, or why there are none
 */
export function runC(
  source: string,
  generated: string | undefined,
  data: readonly ArrayBufferView[]
): CResult | string {
  const folder = mkdtempSync(join(tmpdir(), 'rvpanel-bench-'))
  try {
    const program = join(folder, 'program')
    if (generated !== undefined) writeFileSync(join(folder, 'model.h'), generated)
    try {
      execFileSync('cc', ['-O2', '-I', folder, '-o', program, source], { stdio: 'ignore' })
    } catch {
      return 'no C compiler (cc)'
    }
    const file = join(folder, 'events')
    writeFileSync(file, Buffer.concat(data.map(bytesOf)))
    const [perSecond, ...sums] = execFileSync(program, [file], { encoding: 'utf8' })
      .trim()
      .split(' ')
      .map(Number)
    return { perSecond: perSecond ?? Number.NaN, sums }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function bytesOf(array: ArrayBufferView): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}
