import { describe, expect, it } from 'vitest'
import { generateKunit } from './kunit'

const MAIN = `#include <rv/ha_monitor.h>
/* static void handle_not(int) { rv_attach_trace_probe("mon", x, handle_not); } */
static void handle_switch(void *data, bool preempt,
			  struct task_struct *prev, unsigned int (*f)(int, int))
{
	helper(prev);
}
static int enable_mon(void)
{
	rv_attach_trace_probe("mon",
			      sched_switch, handle_switch);
	rv_attach_trace_probe("mon", sched_entry_tp, handle_switch);
	rv_attach_trace_probe("mon", sched_waking, handle_elsewhere);
}
`

describe('generateKunit', () => {
  it('takes the handlers that are attached, each once, with their arguments', () => {
    const test = generateKunit('mon', MAIN, 'mon.c')
    expect(test.class).toBe('ha')
    expect(test.handlers).toEqual(['handle_switch', 'handle_elsewhere'])
    expect(test.undefinedHandlers).toEqual(['handle_elsewhere'])
    expect(test.files.map(({ path }) => path)).toEqual(['mon_kunit.h', 'mon_kunit.c'])
    const [header, c] = test.files.map(({ text }) => text)
    expect(header?.replace(/\s+/g, ' ')).toContain(
      'void (*handle_switch)(void *data, bool preempt, struct task_struct *prev, unsigned int (*f)(int, int));'
    )
    expect(header).toContain('void (*handle_elsewhere)(/* XXX')
    expect(c).toContain('static void rv_test_mon(struct kunit *test)')
    expect(c).toContain('#define rv_test_mon rv_test_stub')
  })

  it('knows whether the structure of the handlers is there', () => {
    const { ops, hasOps } = generateKunit('mon', MAIN, 'mon.c')
    expect(hasOps).toBe(false)
    expect(ops).toContain('\t.handle_switch = handle_switch,\n\t.handle_elsewhere =')
    expect(generateKunit('mon', `${MAIN}\n${ops}`, 'mon.c').hasOps).toBe(true)
  })

  it('sees where a structure that is there and the new header differ', () => {
    const { ops } = generateKunit('mon', MAIN, 'mon.c')
    const changed = ops
      .replace('\t.handle_elsewhere = handle_elsewhere,\n', '')
      .replace('.mon = RV_MON_OPS_INIT(),', '$&\n\t.limit = &(struct x) { .y = 1 },')
    const { hasOps, undeclared, unset } = generateKunit('mon', `${MAIN}\n${changed}`, 'mon.c')
    expect([hasOps, undeclared, unset]).toEqual([true, ['limit'], ['handle_elsewhere']])
    const same = generateKunit('mon', `${MAIN}\n${ops}`, 'mon.c')
    expect([same.undeclared, same.unset]).toEqual([[], []])
  })

  it.each([
    ['mon', 'int x;', 'No handlers found in mon.c'],
    ['mon', '', 'No handlers found in mon.c'],
    ['mon', 'int a;\n/* x', 'mon.c:2: This comment has no end.'],
    ['../mon', MAIN, 'is not one the kernel can use'],
    ['mon', `rv_attach_trace_probe(${'('.repeat(50_000)}`, 'No handlers found in mon.c']
  ])('refuses %s of %j', (name, text, message) => {
    expect(() => generateKunit(name, text, 'mon.c')).toThrow(message)
  })
})
