import { chmod, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeAll } from './write-files'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rvpanel-write-'))
  await writeFile(join(folder, 'Makefile'), 'before')
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

const file = (path: string, text: string): { path: string; text: string } => ({
  path: join(folder, path),
  text
})

describe('writeAll()', () => {
  it('writes new files, and replaces old ones with their mode and behind their links', async () => {
    await chmod(join(folder, 'Makefile'), 0o640)
    await symlink('Makefile', join(folder, 'link'))
    await writeAll([file('link', 'after'), file('a/b/c.h', 'new')])
    expect(await readFile(join(folder, 'Makefile'), 'utf8')).toBe('after')
    expect((await stat(join(folder, 'Makefile'))).mode & 0o777).toBe(0o640)
    expect((await readdir(folder, { recursive: true })).sort()).toEqual(
      ['Makefile', 'a', 'a/b', 'a/b/c.h', 'link'].sort()
    )
  })

  it('puts everything back where one file cannot take its place', async () => {
    // A folder comes to stand where the second one belongs when the third is written beside it.
    const { ino } = await stat(join(folder, 'Makefile'))
    const wanted = [file('Makefile', 'after'), file('x', 'new'), file('x/y', 'new')]
    await expect(writeAll(wanted)).rejects.toThrow(
      `${join(folder, 'x')} cannot be written: It is a directory; nothing was written`
    )
    expect(await readFile(join(folder, 'Makefile'), 'utf8')).toBe('before')
    expect((await stat(join(folder, 'Makefile'))).ino).toBe(ino)
    expect(await readdir(folder)).toEqual(['Makefile'])
  })

  it('leaves nothing behind where one cannot be written at all', async () => {
    const wanted = [file('a/b/c.h', 'new'), file('Makefile/x', 'text')]
    await expect(writeAll(wanted)).rejects.toThrow('nothing was written')
    expect(await readdir(folder)).toEqual(['Makefile'])
  })
})
