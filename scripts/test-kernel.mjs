// npm run test:kernel: generates monitors into a Linux source, builds and boots it, watches them.
//
// RVPANEL_KERNEL_SOURCE names an unpacked source of Linux 7.3 or later; without it, Debian's
// package is fetched. See docs/kernel-test.md.
import path from 'node:path'
import { ensureBuilt } from './lib/build.mjs'
import { ensureKernelTools, kernelSource } from './lib/kernel-source.mjs'
import { root, run } from './lib/run.mjs'
import { checkNode } from './lib/system.mjs'

try {
  checkNode()
  await ensureKernelTools()
  const source = await kernelSource()
  await ensureBuilt()
  const tool = path.join(root, 'node_modules/vitest/vitest.mjs')
  const args = ['run', '--project', 'kernel', ...process.argv.slice(2)]
  const env = { RVPANEL_KERNEL_SOURCE: source }
  process.exitCode = (await run(process.execPath, [tool, ...args], { show: true, env })).code
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
