import { oneLine } from './sanitize'

/**
 * Why ssh ended before it was connected, in one sentence, from what it wrote to
 * its terminal (OpenSSH's English words, LC_ALL=C) and where that says nothing known, its last line.
 */
export function explainFailure(target: string, transcript: string): string {
  const changed = /Offending (\S+) key in (.+?):([0-9]+)/.exec(transcript)
  if (transcript.includes('REMOTE HOST IDENTIFICATION HAS CHANGED')) {
    const where = changed
      ? `compare it with line ${changed[3] ?? ''} of ${oneLine(changed[2] ?? '')}, and remove that line only if you know why`
      : 'compare it with your known_hosts file'
    return `The host key of ${target} has CHANGED, so someone may be between you and it; not connected: ${where}.`
  }
  const rules: readonly (readonly [RegExp, string])[] = [
    [/Could not resolve hostname/, `The host name of ${target} is unknown.`],
    [/Connection refused/, `${target} refuses connections on its ssh port.`],
    [
      /timed out|Timeout|No route to host|Network is unreachable|Host is down/,
      `${target} does not answer.`
    ],
    [/Host key verification failed/, `The host key of ${target} was not accepted.`],
    [/No .*host ?key.* is known for/, `The host key of ${target} is not known.`],
    [/Too many authentication failures/, `${target} refused the login: too many attempts.`],
    [/Permission denied/, `${target} refused the login: wrong password or key.`],
    [
      /Connection (closed|reset) by|kex_exchange_identification|Connection to .* closed/,
      `${target} closed the connection before the login was done.`
    ]
  ]
  const known = rules.find(([pattern]) => pattern.test(transcript))
  if (known) return known[1]
  const last = lastLine(transcript)
  return last === '' ? `ssh could not connect to ${target}.` : `ssh to ${target}: ${last}`
}

/** Why a link that was up is gone. */
export function explainLoss(target: string, transcript: string): string {
  const silent = /not responding|timed out/i.test(transcript)
  return silent
    ? `The link to ${target} is gone: it did not answer any more.`
    : `The link to ${target} is gone.`
}

/**
 * Whether a terminal's last line asks for something: it is not ended, and it
 * ends as questions do.
 */
export function isPrompt(text: string): boolean {
  return /[:?)>\]]\s?$/.test(text) && !text.endsWith('\n')
}

/** A guess where the terminal cannot be asked: everything but the question about a host key is secret. */
export function looksSecret(text: string): boolean {
  return !/\(yes\/no|'yes'/.test(text.slice(text.lastIndexOf('\n') + 1))
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return oneLine(lines.at(-1) ?? '')
}
