import { spawn } from 'node:child_process'

/**
 * A display for the windows of this test process: the one there is, else a
 * virtual one that ends with the process.
 */
export async function display(): Promise<string> {
  const there = process.env.DISPLAY
  if (there !== undefined && there !== '') return there
  started ??= startVirtual()
  return started
}

let started: Promise<string> | undefined

function startVirtual(): Promise<string> {
  return new Promise((resolve, reject) => {
    // Without -noreset it starts anew when its last window closes, and turns away who comes meanwhile.
    const screen = ['-screen', '0', '1600x1000x24', '-noreset', '-nolisten', 'tcp']
    const args = ['-displayfd', '3', ...screen]
    const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    process.once('exit', () => child.kill())
    let number = ''
    child.stdio[3]?.on('data', (bytes: Buffer) => {
      number += bytes.toString()
      if (number.endsWith('\n')) resolve(`:${number.trim()}`)
    })
    child.once('error', (error) => {
      reject(new Error(`Xvfb does not start: ${error.message}`))
    })
    child.once('exit', (code) => {
      reject(new Error(`Xvfb ended with code ${String(code)}`))
    })
  })
}
