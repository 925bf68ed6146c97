/** A speed of virtual time as text, such as `1.0×`, `0.25×` or `0.002×`. */
export function speedText(s: number): string {
  return `${s >= 1 ? s.toFixed(s < 9.95 ? 1 : 0) : String(Number(s.toPrecision(s < 0.095 ? 1 : 2)))}×`
}
