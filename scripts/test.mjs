// npm test: prepares the machine, then runs every check there is.
//
//   npm test                     everything
//   npm test -- lint unit ...    only these parts
//
// The last line stands alone: `N passed, N failed`, with `, N skipped` where
// something was. Each test counts as one, and so does each static check.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { build, ensureBuilt } from './lib/build.mjs'
import { ensureElectron, ensurePackages } from './lib/packages.mjs'
import { root, run, say, seconds } from './lib/run.mjs'
import { checkNode, ensureSystem } from './lib/system.mjs'

const total = { passed: 0, failed: 0, skipped: 0 }
/** What failed, said once more at the end: where only the last part of the output is kept. */
const failures = []
const tool = (name) => path.join(root, 'node_modules', name)
const tsc = tool('typescript/bin/tsc')
const vueTsc = tool('vue-tsc/bin/vue-tsc.js')

/** Static checks by part: what it is called, and the program with its arguments. */
const checks = {
  lint: [
    ['eslint', tool('eslint/bin/eslint.js'), '.', '--max-warnings', '0'],
    ['prettier', tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']
  ],
  typecheck: [
    ['pure layers', tsc, '--noEmit', '-p', 'tsconfig.pure.json'],
    ['node', tsc, '--noEmit', '-p', 'tsconfig.node.json'],
    ['preload', tsc, '--noEmit', '-p', 'tsconfig.preload.json'],
    ['window tests', tsc, '--noEmit', '-p', 'tsconfig.e2e.json'],
    ['window', vueTsc, '--noEmit', '-p', 'tsconfig.web.json']
  ]
}
const projects = ['unit', 'renderer', 'conformance', 'mount', 'target', 'window']
const parts = [...Object.keys(checks), 'build', ...projects]

const chosen = process.argv.slice(2)
const unknown = chosen.find((part) => !parts.includes(part))
if (unknown !== undefined) {
  console.error(`There is no part ${JSON.stringify(unknown)}; the parts are ${parts.join(', ')}.`)
  process.exit(2)
}

try {
  checkNode()
  await ensureSystem({ virtualDisplay: true })
  await ensurePackages()
  await ensureElectron()
  if (chosen.includes('window') && !chosen.includes('build')) await ensureBuilt()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  total.failed++
  finish()
}

for (const part of parts) {
  if (chosen.length > 0 && !chosen.includes(part)) continue
  const began = performance.now()
  const before = { ...total }
  say(`\n== ${part}`)
  if (part === 'build') await check('build', build)
  else if (checks[part] === undefined) await vitest(part)
  else for (const [name, file, ...args] of checks[part]) await check(name, () => node(file, args))
  const count = (key) => `${total[key] - before[key]} ${key}`
  say(
    `-- ${part}: ${count('passed')}, ${count('failed')}, ${count('skipped')} in ${seconds(began)}`
  )
}
finish()

/** Says the sum and ends. */
function finish() {
  if (failures.length > 0) say(`\n== failed\n${failures.join('\n')}`)
  const nothing = total.passed + total.failed === 0
  if (nothing) console.error('No test ran.')
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
  process.exit(total.failed > 0 || nothing ? 1 : 0)
}

/**
 * One static check.
 * @param {string} name
 * @param {() => Promise<void>} work throws with what to show
 */
async function check(name, work) {
  const began = performance.now()
  try {
    await work()
    total.passed++
    say(`   ${name}: passed in ${seconds(began)}`)
  } catch (error) {
    total.failed++
    failures.push(`   ${name}`)
    say(`   ${name}: FAILED in ${seconds(began)}`)
    say(error instanceof Error ? error.message : String(error))
  }
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 */
async function node(file, args) {
  const { code, output } = await run(process.execPath, [file, ...args])
  if (code !== 0) throw new Error(output.trim() || `exit code ${code}`)
}

/**
 * One project of vitest, its tests counted from the report that it writes.
 * @param {string} project
 */
async function vitest(project) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rvpanel-test-'))
  const report = path.join(folder, 'report.json')
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json']
  const { code } = await run(
    process.execPath,
    [tool('vitest/vitest.mjs'), ...args, `--outputFile.json=${report}`],
    { show: true }
  )
  const failedBefore = total.failed
  try {
    count(JSON.parse(fs.readFileSync(report, 'utf8')))
  } catch {
    say(`   vitest wrote no report of ${project}.`)
    failures.push(`   ${project}: no report`)
    total.failed++
  }
  fs.rmSync(folder, { recursive: true, force: true })
  // An error outside of any test, or no test at all.
  if (code !== 0 && total.failed === failedBefore) {
    failures.push(`   ${project}: vitest ended with exit code ${code}, without a failed test`)
    total.failed++
  }
}

/** @param {{ testResults: { name: string, status: string, message: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[] }} report */
function count(report) {
  for (const file of report.testResults) {
    const failedBefore = total.failed
    for (const test of file.assertionResults) {
      if (test.status === 'passed') total.passed++
      else if (test.status === 'failed') {
        total.failed++
        const [message = ''] = test.failureMessages ?? []
        const place = path.relative(root, file.name)
        failures.push(`   ${place}: ${test.fullName}`, ...firstLines(message))
      } else {
        total.skipped++
        say(`   skipped: ${test.fullName}`)
      }
    }
    // A file that did not load, or a hook that failed, has no test to blame.
    if (file.status === 'failed' && total.failed === failedBefore) {
      total.failed++
      const line = `${path.relative(root, file.name)}: ${file.message.split('\n')[0]}`
      failures.push(`   ${line}`)
      say(`   FAILED: ${line}`)
    }
  }
}

/**
 * The beginning of a failure's message, indented.
 * @param {string} message
 */
function firstLines(message) {
  const lines = message.split('\n').slice(0, 12)
  return lines.map((line) => `      ${line.slice(0, 300)}`)
}
