/**
 * The page's document, but for its `<style>` elements: their text becomes a constructed style sheet,
 * since the Content-Security-Policy forbids inline styles. For a library that makes such elements.
 */
export function styleDocument(real: Document): Document {
  return new Proxy(real, {
    get(target, key): unknown {
      if (key === 'createElement') return maker(target)
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
    set: (target, key, value) => Reflect.set(target, key, value, target)
  })
}

/**
 * Runs `work` while the real document, too, gives constructed style sheets: xterm.js 6.0 makes one of
 * its three `<style>` elements with the page's document, whatever it was told.
 */
export function withConstructedStyles(real: Document, work: () => void): void {
  const createElement = maker(real)
  Object.defineProperty(real, 'createElement', { configurable: true, value: createElement })
  try {
    work()
  } finally {
    Reflect.deleteProperty(real, 'createElement')
  }
}

/** Stands for a `<style>`; even an empty one of those would offend the policy. */
function constructed(document: Document): HTMLElement {
  const sheet = new CSSStyleSheet()
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  const element = elementOf(document, 'span')
  element.hidden = true
  Object.defineProperty(element, 'textContent', {
    get: () => '',
    set: (css: string) => {
      sheet.replaceSync(css)
    }
  })
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
    HTMLElement.prototype.remove.call(element)
  }
  return element
}

/** Makes elements as the document does, but for style elements. */
function maker(document: Document): (name: string) => HTMLElement {
  return (name) => (name === 'style' ? constructed(document) : elementOf(document, name))
}

/** As the page makes it, also while `createElement` of the document is another. */
function elementOf(document: Document, name: string): HTMLElement {
  const create: Create = Reflect.get<Document, 'createElement'>(Document.prototype, 'createElement')
  return create.call(document, name)
}

type Create = (this: Document, name: string) => HTMLElement
