import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the program that the tests run. */
    program: string
  }
}

/**
 * Copies the built program to a folder of its own for as long as the tests
 * run, so that a build meanwhile takes no file from under an open window.
 */
export default function setup(project: TestProject): () => void {
  const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
  if (!existsSync(join(checkout, 'out', 'main', 'index.js'))) {
    throw new Error('The program is not built: run `npm run build` first.')
  }
  const program = mkdtempSync(join(tmpdir(), 'rvpanel-program-'))
  for (const part of ['package.json', 'out', 'models', 'resources']) {
    cpSync(join(checkout, part), join(program, part), { recursive: true })
  }
  symlinkSync(join(checkout, 'node_modules'), join(program, 'node_modules'))
  project.provide('program', program)
  return () => {
    rmSync(program, { recursive: true, force: true })
  }
}
