// A virtual display where there is no other.
import { spawn } from 'node:child_process'

/**
 * Starts Xvfb on a display number of its own choice.
 * @returns {Promise<{ name: string, stop(): void }>} name: for DISPLAY
 * @throws Error with one sentence when it does not start
 */
export function startVirtualDisplay() {
  return new Promise((resolve, reject) => {
    // Without -noreset it starts anew when its last window closes, and turns away who comes meanwhile.
    const screen = ['-screen', '0', '1600x1000x24', '-noreset', '-nolisten', 'tcp']
    const args = ['-displayfd', '3', ...screen]
    // In a group of its own: an interrupt from the terminal is for the panel, which needs its
    // display until it has put the target back.
    const child = spawn('Xvfb', args, {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      detached: true
    })
    const stop = () => child.kill()
    process.once('exit', stop)
    let number = ''
    child.stdio[3]?.on('data', (bytes) => {
      number += bytes
      if (number.endsWith('\n')) resolve({ name: `:${number.trim()}`, stop })
    })
    child.once('error', (error) => reject(new Error(`Xvfb does not start: ${error.message}`)))
    child.once('exit', (code) => reject(new Error(`Xvfb ended at once with code ${code}.`)))
  })
}
