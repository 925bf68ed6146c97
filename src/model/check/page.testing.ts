import { CODE_GROUPS } from './codes'
import type { CodeEntry, CodeExample } from './codes/code'
import { findingsOf } from './codes.testing'

/** docs/diagnostics.md, but for its formatting. */
export function diagnosticsPage(): string {
  const sections = CODE_GROUPS.map(({ title, codes }) =>
    [`## ${title}`, table(codes), ...codes.map(detail)].join('\n\n')
  )
  return [INTRODUCTION, ...sections].join('\n\n') + '\n'
}

const INTRODUCTION = `# Findings of \`rvpanel check\`

    rvpanel check FILE…            files, folders, or - for standard input
      -c, --class da|ha|ltl        what a monitor is to be made of
      --format human|json|sarif    SARIF 2.1.0 is what editors and code review read
      --severity error|warning     leave out what is less bad
      --strict                     notes are findings too
      --fix [--dry-run]            apply the best fix of each error and warning, or show it
      --name FILE                  what standard input is called

Of a folder it takes every model (\`.dot\`, \`.gv\`, \`.ltl\`) in it and below, and the
instrumentation (\`.yaml\`) in folders that have models. Links are followed, once;
folders called \`node_modules\` or \`.…\` are left out. Pipes and devices are not opened.

Exit code: 0 where nothing was found, or notes alone; 1 for an error or a warning
(with \`--strict\` also for a note), and for a file that cannot be read; 2 for wrong usage.

An **error** leaves no automaton: rvgen refuses the file, or what it makes of it is
no monitor. A **warning** is a monitor that does something else than its model says.
A **note** is worth knowing. What is said of rvgen below was seen with that of
Linux 7.3; findings of the window's editor are the same.

\`--fix\` writes a file as a whole or not at all, and leaves to the author what would
take text away that may have been meant.

## The models of the kernel

Of the files in models/, with which all 18 monitors are described, one has a
finding, and it is true: pagefault.yaml has **silent-after-violation** (a note). The
kernel only ever says that PAGEFAULT holds, so after a violation the monitor is silent
until the task faults while it is not real-time.

Two findings are true of models alone, as the kernel's own \`.dot\` files are: nrp and
nomiss have **no-start-event**. rvgen finds no event to start them with, and their
authors wrote the calls by hand; the instrumentation beside each model says so, which
answers the finding. Copies without it have it.

## Standard form

    wip.dot:8:22: warning: A second edge from \`a\` to \`b\`: only the first label … [duplicate-edge]
      8 | "a" -> "b" [label = "fly"]
        |                      ^~~
        = fix: Join the events in the first edge`

function table(codes: readonly CodeEntry[]): string {
  const rows = codes.map(
    ({ code, severity, title }) => `| [${code}](#${code}) | ${severity} | ${cell(title)} |`
  )
  return ['| Code | | |', '|---|---|---|', ...rows].join('\n')
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

function detail({ code, severity, title, meaning, rvgen, example }: CodeEntry): string {
  const lines = [`### ${code}`, `*${title}* (${severity}). ${escaped(meaning)}`]
  lines.push(`rvgen: ${escaped(rvgen)}`)
  if (example !== undefined) lines.push(shown(code, example))
  return lines.join('\n\n')
}

/** Outside of code, what Markdown would take for markup. */
function escaped(text: string): string {
  return text
    .split('`')
    .map((part, i) => (i % 2 === 0 ? part.replace(/[*_<>|]/g, '\\$&') : part))
    .join('`')
}

function shown(code: string, example: CodeExample): string {
  const own = findingsOf(example).find((d) => d.code === code)
  const text = (example.excerpt ?? example.text).trim()
  const message = own === undefined ? '' : `\n→ ${own.message}`
  const visible = text.replaceAll('\u00a0', '<U+00A0>')
  return ['```text', visible + message, '```'].join('\n')
}
