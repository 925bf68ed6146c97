import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

import type { RestoreStep } from './port'
import { isParameterPath, isSafePath } from './port'

const safePath = z.string().max(1000).refine(isSafePath)

/** What a journal file holds. */
const record = z.strictObject({
  version: z.literal(1),
  /** The panel that wrote it; while it lives the changes are its own to restore. */
  pid: z.int().min(1),
  /** Start time of that process, to tell it from a later one with its pid. */
  started: z.string().max(40),
  target: z.string().max(1000),
  bootId: z.string().max(64),
  steps: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('file'),
          path: safePath,
          ours: z.string().max(4096),
          original: z.string().max(4096)
        }),
        z.strictObject({
          kind: z.literal('parameter'),
          path: z.string().max(1000).refine(isParameterPath),
          ours: z.string().max(4096),
          original: z.string().max(4096)
        }),
        z.strictObject({ kind: z.literal('rmdir'), path: safePath })
      ])
    )
    .max(10_000)
})
type JournalRecord = z.infer<typeof record>

const MAX_BYTES = 8 * 1024 * 1024

/**
 * What a panel has changed on one target, on this machine's disk, for the case
 * that panel, agent and link all die together. One file per panel and target.
 */
export class Journal {
  private readonly prefix: string
  private readonly path: string

  /** @param target names the target among others; not its boot */
  constructor(
    private readonly folder: string,
    private readonly target: string
  ) {
    const hash = createHash('sha256').update(target).digest('hex').slice(0, 16)
    this.prefix = `restore-${hash}-`
    this.path = join(folder, `${this.prefix}${String(process.pid)}-${String(++counter)}.json`)
  }

  /** Replaces the record and makes sure that it is on the disk. */
  async write(bootId: string, steps: readonly RestoreStep[]): Promise<void> {
    if (steps.length === 0) {
      await this.clear()
      return
    }
    const content: JournalRecord = {
      version: 1,
      pid: process.pid,
      started: await startOf(process.pid),
      target: this.target,
      bootId,
      steps: [...steps]
    }
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    const draft = `${this.path}.new`
    const file = await open(draft, 'w', 0o600)
    try {
      await file.writeFile(JSON.stringify(content))
      await file.sync()
    } finally {
      await file.close()
    }
    openHere.add(this.path)
    await rename(draft, this.path)
  }

  /** Everything was put back. */
  async clear(): Promise<void> {
    openHere.delete(this.path)
    await rm(this.path, { force: true })
  }

  /** The link is gone before that was sure: the record is for the next connection. */
  release(): void {
    openHere.delete(this.path)
  }

  /** Steps that dead panels have left for this boot of the target, oldest file first; `forget` removes their files. */
  async leftovers(bootId: string): Promise<{ steps: RestoreStep[]; forget: () => Promise<void> }> {
    const steps: RestoreStep[] = []
    const files: string[] = []
    const names = await readdir(this.folder).catch(() => [] as string[])
    for (const name of names.sort()) {
      if (!name.startsWith(this.prefix) || !name.endsWith('.json')) continue
      const path = join(this.folder, name)
      const found = await readRecord(path)
      if (openHere.has(path) || (found && (await isAlive(found)))) continue
      files.push(path)
      // After a reboot nothing is left to be put back.
      if (found?.target === this.target && found.bootId === bootId) steps.push(...found.steps)
    }
    const forget = async (): Promise<void> => {
      for (const path of files) await rm(path, { force: true })
    }
    return { steps, forget }
  }
}

/** Connections of this process, so that two to one target have a file each. */
let counter = 0
/** Files of connections of this process that are open. */
const openHere = new Set<string>()

async function readRecord(path: string): Promise<JournalRecord | undefined> {
  try {
    const file = await open(path, 'r')
    try {
      if ((await file.stat()).size > MAX_BYTES) return undefined
      return record.parse(JSON.parse(await file.readFile('utf8')))
    } finally {
      await file.close()
    }
  } catch {
    return undefined
  }
}

/** Start time of a process in ticks since boot; empty where /proc does not say. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => '')
  // Field 22; the second, the comm in brackets, may hold blanks.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

async function isAlive({ pid, started }: JournalRecord): Promise<boolean> {
  // Those of this process are in openHere.
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
  }
  return (await startOf(pid)) === started
}
