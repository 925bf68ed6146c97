const NS = 'http://www.w3.org/2000/svg'

/** An SVG element with attributes and children; text only ever becomes a text node. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(NS, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  element.append(...children)
  return element
}

/** Sets an attribute only when it changes: a write costs style work even when it is the same. */
export function put(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}

/** Sets the text of a text node only when it changes. */
export function putText(node: Text, value: string): void {
  if (node.data !== value) node.data = value
}

/** Sets or removes a class only when that changes something. */
export function putClass(element: Element, name: string, on: boolean): void {
  if (element.classList.contains(name) !== on) element.classList.toggle(name, on)
}
