/** Characters that kstrtobool() (lib/kstrtox.c) looks at. */
const TRUE_FIRST = 'eEyYtT1'
const FALSE_FIRST = 'dDnNfF0'

/**
 * kstrtobool_from_user(): the first three bytes alone decide, the first one of
 * them in most cases.
 * @returns undefined where the kernel says EINVAL
 */
export function parseKernelBoolean(bytes: Uint8Array): boolean | undefined {
  const [first = '', second = ''] = Array.from(bytes.subarray(0, 3), (b) => String.fromCharCode(b))
  if (first === '') return undefined
  if (TRUE_FIRST.includes(first)) return true
  if (FALSE_FIRST.includes(first)) return false
  if (first !== 'o' && first !== 'O') return undefined
  if (second === 'n' || second === 'N') return true
  if (second === 'f' || second === 'F') return false
  return undefined
}
