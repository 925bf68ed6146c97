import { describe, expect, it } from 'vitest'
import { readOutline, sketchOf } from '../../../model/edit'
import { partAt, partsOf, placeOf } from './spec'

const models = import.meta.glob<string>('../../../../models/*.dot', {
  query: '?raw',
  import: 'default',
  eager: true
})

describe('the parts of a drawing', () => {
  it.each(Object.entries(models))(
    'of %s have a place in the text each, which is theirs',
    (_, text) => {
      const sketch = sketchOf(readOutline(text)!)
      const parts = partsOf(sketch)
      expect(parts.length).toBeGreaterThan(sketch.states.length)
      for (const part of parts) {
        const place = placeOf(sketch, part)!
        const words = text.slice(place.start, place.end)
        expect(words).toContain(part.kind === 'state' ? `"${part.state}"` : part.event)
        expect(partAt(sketch, place.start + 1)).toEqual(part)
      }
      expect(partAt(sketch, 0)).toBeNull()
    }
  )
})
