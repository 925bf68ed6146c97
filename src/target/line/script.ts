import agentScript from '../agent.sh?raw'
import streamScript from '../stream.sh?raw'
import { checksum, type Summing } from './checksum'
import lineScript from './line.sh?raw'

/** How a target writes bytes as text, the shortest first. */
export const ENCODING = ['base64', 'uuencode', 'od'] as const
export type Encoding = (typeof ENCODING)[number]

/** What a target has of what line.sh needs. */
export interface Tools {
  readonly summing: Summing
  readonly encoding: Encoding
  /** Whether it has gzip: traces become a tenth of their size. */
  readonly zip: boolean
}

const ENCODERS: Readonly<Record<Encoding, string>> = {
  base64: 'base64',
  uuencode: 'uuencode -m -',
  od: `od -An -v -tx1 | while read -r bytes; do
set -- $bytes
IFS=
echo "$*"
unset IFS
done`
}

/** The whole program for the far end, which loader() takes. */
export function farEnd(connection: string, tools: Tools): string {
  return [
    'saved=$o',
    // The loader's own lease.
    'kill "$w" 2> /dev/null',
    `conn=${connection}`,
    `summing() { ${tools.summing}; }`,
    `encode() { ${tools.zip ? 'gzip -c | ' : ''}${ENCODERS[tools.encoding]}; }`,
    `agent=${quoted(slim(agentScript))}`,
    `stream=${quoted(slim(streamScript))}`,
    slim(lineScript)
  ].join('\n')
}

/** A script without indentation, comments and empty lines: a slow line carries it. */
function slim(script: string): string {
  return script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n')
}

function quoted(script: string): string {
  return `'${script.replaceAll("'", "'\\''")}'`
}

/** Characters of one line: the editor of busybox's shell takes 1,023, a terminal's own 4,095. */
const LINE = 800

/**
 * Lines that the loader takes, each "NUMBER CHECKSUM PART", parts for printf %b. The last is a dot.
 */
export function loaderLines(script: string, summing: Summing): string[] {
  const parts: string[] = []
  let part = ''
  for (const char of escaped(Buffer.from(script, 'utf8'))) {
    if (part.length + char.length > LINE) {
      parts.push(part)
      part = ''
    }
    // read(1) drops blanks at the ends.
    part += char === ' ' && (part === '' || part.length > LINE - 8) ? '\\0040' : char
  }
  if (part !== '') parts.push(part.replace(/ $/, '\\0040'))
  parts.push('.')
  return parts.map((text, n) => `${String(n)} ${checksum(summing, text)} ${text}`)
}

/** Bytes for printf %b, in pieces that must not be parted. */
export function* escaped(bytes: Uint8Array): Generator<string> {
  for (const byte of bytes) {
    if (byte === 0x5c) yield '\\\\'
    else if (byte === 0x0a) yield '\\n'
    else if (byte >= 0x20 && byte < 0x7f) yield String.fromCharCode(byte)
    else yield `\\0${byte.toString(8).padStart(3, '0')}`
  }
}

/**
 * The command that a shell is given: takes the lines, each until it is whole, says how many
 * it has, and runs them. Short, since nothing checks it, and without a single quote or a
 * control character inside.
 */
export function loader(summing: Summing): string {
  return [
    `sh -c 'o=$(stty -g 2>/dev/null);trap "stty $o 2>/dev/null" 0;trap exit 15;(sleep 30;kill $$)&w=$!`,
    `stty raw -echo 2>/dev/null;s=;n=0;printf "\\002L0\\003"`,
    `while IFS=" " read -r k c t`,
    `do [ "$k" = rvpanel-leave ]&&exit;set -- $(printf %s "$t"|${summing})`,
    `if [ "$k.$c" = "$n.$1" ]`,
    `then n=$((n+1));[ "$t" = . ]&&break;s=$s$t`,
    `fi;printf "\\002L$n\\003"`,
    `done;eval "$(printf %b "$s")"'`
  ].join(';')
}
