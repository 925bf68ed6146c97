import { describe, expect, it } from 'vitest'
import { patchTree } from './patch'
import type { TreeAddition } from './patch'

const TREE = {
  'rv_trace.h': `#ifdef CONFIG_DA_MON_EVENTS_IMPLICIT
#include <monitors/wip/wip_trace.h>
// Add new monitors based on CONFIG_DA_MON_EVENTS_IMPLICIT here
#endif
#ifdef CONFIG_DA_MON_EVENTS_ID
// Add new monitors based on CONFIG_DA_MON_EVENTS_ID here
#endif
`,
  Makefile: `obj-$(CONFIG_RV_MON_WIP) += monitors/wip/wip.o
# Add new monitors here
obj-$(CONFIG_RV_REACTORS) += rv_reactors.o
`,
  Kconfig: `source "kernel/trace/rv/monitors/sched/Kconfig"
# Add new sched monitors here

# Add new monitors here

config RV_REACTORS
`
}

const MON: TreeAddition = {
  name: 'mon',
  monitor: { class: 'da', type: 'per_cpu' },
  parent: undefined
}

describe('patchTree', () => {
  it('adds a line to each file, before its mark', () => {
    const { texts, added } = patchTree(TREE, MON)
    expect(added.map(({ file }) => file)).toEqual(['rv_trace.h', 'Makefile', 'Kconfig'])
    expect(texts['rv_trace.h']).toContain(
      'wip_trace.h>\n#include <monitors/mon/mon_trace.h>\n// Add new monitors based on CONFIG_DA_MON_EVENTS_IMPLICIT'
    )
    expect(texts.Makefile).toContain(
      'obj-$(CONFIG_RV_MON_MON) += monitors/mon/mon.o\n# Add new monitors here\n'
    )
    expect(texts.Kconfig).toContain(
      '\n\nsource "kernel/trace/rv/monitors/mon/Kconfig"\n# Add new monitors here\n'
    )
  })

  it('changes nothing the second time', () => {
    for (const addition of [MON, { ...MON, monitor: undefined }, { ...MON, parent: 'sched' }]) {
      const once = patchTree(TREE, addition).texts
      const { texts, added } = patchTree(once, addition)
      expect(texts).toEqual(once)
      expect(added).toEqual([])
    }
  })

  it('keeps nested monitors together', () => {
    const { texts } = patchTree(TREE, { ...MON, parent: 'sched' })
    expect(texts.Kconfig).toContain('mon/Kconfig"\n# Add new sched monitors here\n')
  })

  it('gives a container a mark of its own', () => {
    const { texts, added } = patchTree(TREE, { ...MON, monitor: undefined })
    expect(added.map(({ file }) => file)).toEqual(['Makefile', 'Kconfig', 'Kconfig'])
    expect(texts['rv_trace.h']).toBe(TREE['rv_trace.h'])
    expect(texts.Kconfig).toContain(
      'mon/Kconfig"\n# Add new mon monitors here\n\n# Add new monitors here\n'
    )
    const nested = patchTree(texts, { ...MON, name: 'child', parent: 'mon' })
    expect(nested.texts.Kconfig).toContain('child/Kconfig"\n# Add new mon monitors here\n')
  })

  it('moves trace events whose class is another now', () => {
    const once = patchTree(TREE, MON).texts
    const { texts, added } = patchTree(once, { ...MON, monitor: { class: 'da', type: 'per_task' } })
    expect(added.map(({ file }) => file)).toEqual(['rv_trace.h'])
    expect(texts['rv_trace.h'].match(/mon_trace\.h/g)).toHaveLength(1)
    expect(texts['rv_trace.h']).toContain(
      'mon_trace.h>\n// Add new monitors based on CONFIG_DA_MON_EVENTS_ID here'
    )
  })

  it('moves a monitor behind its parent, and into its group', () => {
    const alone = patchTree(TREE, MON).texts
    const { texts } = patchTree(alone, { ...MON, name: 'box', monitor: undefined })
    const child = { ...MON, parent: 'box' }
    const nested = patchTree(texts, child)
    // A child that is registered before its parent takes the kernel down.
    expect(nested.texts.Makefile).toContain(
      'wip.o\nobj-$(CONFIG_RV_MON_BOX) += monitors/box/box.o\nobj-$(CONFIG_RV_MON_MON) += monitors/mon/mon.o\n# Add'
    )
    expect(nested.texts.Kconfig).toContain(
      '\nsource "kernel/trace/rv/monitors/box/Kconfig"\nsource "kernel/trace/rv/monitors/mon/Kconfig"\n# Add new box'
    )
    expect(nested.texts.Kconfig.match(/mon\/Kconfig/g)).toHaveLength(1)
    expect(patchTree(nested.texts, child).added).toEqual([])
  })

  it('refuses a name that has the symbol of another monitor', () => {
    expect(() => patchTree(TREE, { ...MON, name: 'Wip' })).toThrow(
      "Makefile has `obj-$(CONFIG_RV_MON_WIP) += monitors/wip/wip.o`, so the symbol is another monitor's"
    )
  })

  it('keeps the ends of lines', () => {
    const windows = { ...TREE, Makefile: TREE.Makefile.replaceAll('\n', '\r\n') }
    const { texts } = patchTree(windows, MON)
    expect(texts.Makefile.match(/\n/g)).toHaveLength(4)
    expect(texts.Makefile.match(/\r\n/g)).toHaveLength(4)
  })

  it('refuses a tree without the mark', () => {
    expect(() => patchTree(TREE, { ...MON, parent: 'nobody' })).toThrow(
      'kernel/trace/rv/Kconfig has no line `# Add new nobody monitors here`'
    )
    expect(() => patchTree(TREE, { ...MON, monitor: { class: 'ltl', type: 'per_task' } })).toThrow(
      'rv_trace.h has no line `// Add new monitors based on CONFIG_LTL_MON_EVENTS_ID here`'
    )
  })
})
