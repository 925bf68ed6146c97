import { stat, writeFile } from 'node:fs/promises'
import { Failure, quote, UsageFailure } from '../../io'
import { STDIN } from '../model-file'
import { reasonOf } from '../text-file'

/**
 * Writes a drawing; never over the model that it is made of.
 *
 * @throws UsageFailure where the two are the same file, Failure where it cannot be written
 */
export async function writeDrawing(
  path: string,
  model: string,
  content: string | Uint8Array
): Promise<void> {
  await expectAnotherFile(path, model)
  try {
    await writeFile(path, content)
  } catch (error) {
    throw new Failure(`${quote(path)} cannot be written: ${reasonOf(error)}`)
  }
}

/** @throws UsageFailure where the drawing would be written over its model */
export async function expectAnotherFile(path: string, model: string): Promise<void> {
  if (model === STDIN) return
  const [a, b] = await Promise.all([path, model].map((file) => stat(file).catch(() => undefined)))
  if (a !== undefined && a.ino === b?.ino && a.dev === b.dev) {
    throw new UsageFailure(`${quote(path)} is the model itself; expected another file for -o`)
  }
}
