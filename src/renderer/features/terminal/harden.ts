import type { IDisposable, IFunctionIdentifier, Terminal } from '@xterm/xterm'

/** OSC numbers that set the title, the icon or the directory, make links, change colours, reach the clipboard or raise notifications. */
const OSC = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 22, 50, 51, 52, 60, 61, 99,
  104, 105, 106, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 133, 633, 777, 1337
] as const

/**
 * CSI sequences that touch the window, or to which a terminal answers with more than digits that
 * the program knows anyway: an answer is input, which hostile output could provoke.
 */
const CSI: readonly IFunctionIdentifier[] = [
  // Window operations and reports, among them the title.
  { final: 't' },
  { prefix: '>', final: 't' },
  // Secondary and tertiary device attributes, the version.
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { prefix: '>', final: 'q' },
  // Modes and parameters asked back.
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { final: 'x' },
  { prefix: '?', final: 'n' },
  { prefix: '?', final: 'u' },
  // Graphics attributes; media copy, which prints.
  { prefix: '?', final: 'S' },
  { final: 'i' },
  { prefix: '?', final: 'i' }
]

/** DCS requests: status strings, capabilities, graphics. */
const DCS: readonly IFunctionIdentifier[] = [
  { intermediates: '$', final: 'q' },
  { intermediates: '+', final: 'q' },
  { intermediates: '+', final: 'p' },
  { final: 'q' },
  { final: '|' }
]

/**
 * Takes away what a target's output has no business with: the clipboard, the title, links,
 * colours of the window, and questions. What is left draws characters on the screen. The cursor's
 * position (CSI 6 n) and the primary device attributes are still answered: shells ask for them, and
 * the answers hold digits only.
 */
export function harden(terminal: Terminal): IDisposable {
  const swallow = (): boolean => true
  const { parser } = terminal
  const all = [
    ...OSC.map((number) => parser.registerOscHandler(number, swallow)),
    ...CSI.map((id) => parser.registerCsiHandler(id, swallow)),
    ...DCS.map((id) => parser.registerDcsHandler(id, swallow))
  ]
  return {
    dispose: () => {
      for (const one of all) one.dispose()
    }
  }
}
