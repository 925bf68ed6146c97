/** A shell script as text (Vite's `?raw` import). */
declare module '*.sh?raw' {
  const text: string
  export default text
}
