type Growing = Int16Array | Int32Array | Uint32Array | Float64Array

/** A copy with room for the index, twice as long or more. @param fill what new elements hold */
export function grown<T extends Growing>(array: T, index: number, fill: number): T
export function grown(array: Growing, index: number, fill: number): Growing {
  let length = Math.max(1, array.length)
  while (length <= index) length *= 2
  const longer = sameKind(array, length).fill(fill)
  longer.set(array)
  return longer
}

function sameKind(array: Growing, length: number): Growing {
  if (array instanceof Int16Array) return new Int16Array(length)
  if (array instanceof Int32Array) return new Int32Array(length)
  return array instanceof Uint32Array ? new Uint32Array(length) : new Float64Array(length)
}
