import { stat } from 'node:fs/promises'
import { release } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { RV_FOLDER } from '../../model/gen/patch'
import { Failure, quote } from '../io'

/** One of the files that a monitor is added to: a folder without it is no source of a kernel. */
const MARK = join(RV_FOLDER, 'rv_trace.h')

/**
 * The kernel tree that is meant: the one that is named, else the folder of the caller or one above
 * it, else the source of the running kernel.
 *
 * @returns a path, relative to the current folder where it is below it
 * @throws Failure where there is none
 */
export async function findTree(named: string | undefined): Promise<string> {
  if (named !== undefined) {
    if (await isTree(named)) return named
    throw new Failure(`--tree ${quote(named)} is no source tree of a kernel: it has no ${MARK}`)
  }
  const here = resolve('.')
  for (let folder = here; ; folder = dirname(folder)) {
    if (await isTree(folder)) return folder === here ? '.' : relative(here, folder)
    if (folder === dirname(folder)) break
  }
  const running = `/lib/modules/${release()}/build`
  if (await isTree(running)) return running
  throw new Failure(
    `no source tree of a kernel: neither this folder, nor one above it, nor ${running} has ${MARK}; expected --tree DIR`
  )
}

async function isTree(folder: string): Promise<boolean> {
  try {
    return (await stat(join(folder, MARK))).isFile()
  } catch {
    return false
  }
}
