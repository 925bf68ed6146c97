import type { MonitorProbe } from '../handlers'
import type { Probe } from './probes'
import { layoutList } from './text'

/** A tracepoint's function with its text. Tracepoints with the same rules may have the same one. */
export interface Handler extends MonitorProbe {
  readonly probe: Probe
  readonly text: string
}

/**
 * Attaching to tracepoints that not every kernel has, where it has them. Their functions stand
 * outside: a KUnit test may call them anywhere.
 */
export function guardedParts(handlers: readonly Handler[], name: string): string[] {
  const [first] = handlers
  if (first === undefined) return []
  const conditions = new Set(handlers.map(({ probe }) => probe.firesWith))
  const all = (verb: 'attach' | 'detach'): string => {
    const lines = [...conditions].flatMap((symbol) => {
      const calls = handlers
        .filter(({ probe }) => probe.firesWith === symbol)
        .map(({ tracepoint, handler }) => [`"${name}"`, tracepoint, handler])
        .map((args) =>
          layoutList(symbol === undefined ? 1 : 2, `rv_${verb}_trace_probe(`, args, ');')
        )
      if (symbol === undefined) return calls.flat()
      const braces = calls.flat().length > 1
      return [
        `\tif (IS_ENABLED(${symbol}))${braces ? ' {' : ''}`,
        ...calls.flat(),
        ...(braces ? ['\t}'] : [])
      ]
    })
    return `static void ${verb}_vectors(void)\n{\n${lines.join('\n')}\n}`
  }
  return [
    ...unique(handlers.map((h) => h.text)),
    `#ifdef ${first.probe.guard ?? ''}\n#include ${first.probe.header}`,
    all('attach'),
    all('detach'),
    '#else\nstatic void attach_vectors(void) { }\nstatic void detach_vectors(void) { }\n#endif'
  ]
}

/** Each text once, in the order in which they came. */
export const unique = (texts: readonly string[]): string[] => [...new Set(texts)]
