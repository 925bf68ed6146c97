import { dot } from './code'
import type { CodeEntry } from './code'

/** Guards, invariants and clocks. */
export const DOT_CLOCKS: readonly CodeEntry[] = [
  {
    code: 'guard-never-holds',
    severity: 'warning',
    title: 'A guard that can never hold',
    meaning:
      'Its conditions contradict each other, or what a value of 64 bits without a sign can be.',
    rvgen: 'Does not look.',
    example: dot('"a" -> "a" [label = "stay;x < 3 && x > 5"]')
  },
  {
    code: 'guard-part-never-holds',
    severity: 'warning',
    title: 'A part of a guard that can never hold',
    meaning: 'One of the alternatives between `||` contradicts itself.',
    rvgen: 'Does not look.',
    example: dot('"a" -> "a" [label = "stay;x == 1 && x == 2 || y == 1"]')
  },
  {
    code: 'guard-always-holds',
    severity: 'note',
    title: 'A guard that always holds',
    meaning: 'It says nothing.',
    rvgen: 'Does not look.',
    example: dot('"a" -> "a" [label = "stay;x < 5 || x >= 5"]')
  },
  {
    code: 'mixed-and-or',
    severity: 'note',
    title: '&& and || in one guard',
    meaning:
      '`&&` binds tighter, as in C; there are no parentheses. The finding shows how it is read.',
    rvgen: 'Copies it to C as it is, for which gcc may warn.',
    example: dot('"a" -> "a" [label = "stay;x == 1 || y == 1 && z == 1"]')
  },
  {
    code: 'guard-against-invariant',
    severity: 'warning',
    title: 'A guard against the invariant',
    meaning:
      'The guard holds only when the state’s invariant has expired, so the transition is never taken.',
    rvgen: 'Does not look.',
    example: dot(
      '"c" [label = "c\\nclk < 10us"]\n"b" -> "c" [label = "in;reset(clk)"]\n"c" -> "a" [label = "out;clk > 20us"]'
    )
  },
  {
    code: 'expired-invariant',
    severity: 'warning',
    title: 'An invariant that has expired on entry',
    meaning:
      'The guard holds only when the limit of the next state has passed, and the clock is not reset.',
    rvgen: 'Does not look.',
    example: dot(
      '"c" [label = "c\\nclk < 10us"]\n"a" -> "a" [label = "zero;reset(clk)"]\n"b" -> "c" [label = "in;clk > 20us"]\n"c" -> "a" [label = "out"]'
    )
  },
  {
    code: 'invariant-never-holds',
    severity: 'warning',
    title: 'A limit of nothing',
    meaning: 'The limit is 0, so it has passed as soon as the state is entered.',
    rvgen: 'Does not look.',
    example: dot(
      '"c" [label = "c\\nclk < 0us"]\n"b" -> "c" [label = "in;reset(clk)"]\n"c" -> "a" [label = "out"]'
    )
  },
  {
    code: 'clock-never-reset',
    severity: 'warning',
    title: 'A clock with a limit that is never reset',
    meaning: 'Without a reset the kernel stores no time for it, so the limit counts from nowhere.',
    rvgen: 'Writes code without storage for it, in silence.',
    example: dot(
      '"c" [label = "c\\nclk < 10us"]\n"b" -> "c" [label = "in"]\n"c" -> "a" [label = "out"]'
    )
  },
  {
    code: 'clock-not-started',
    severity: 'warning',
    title: 'A limit before the first reset',
    meaning:
      'Monitoring starts without a reset. A clock of jiffies that was never reset is past every limit, so the first step in this state is a violation. (One of nanoseconds passes.)',
    rvgen: 'Does not look.',
    example: dot(
      '"c" [label = "c\\nclk < 10j"]\n"b" -> "c" [label = "in"]\n"c" -> "a" [label = "out;reset(clk)"]'
    )
  },
  {
    code: 'clock-never-compared',
    severity: 'note',
    title: 'A clock that is reset and never compared',
    meaning: 'It takes the one place of storage that an instance has.',
    rvgen: 'Does not look.',
    example: dot('"a" -> "a" [label = "stay;reset(clk)"]')
  },
  {
    code: 'guard-before-reset',
    severity: 'note',
    title: 'A guard before the first reset',
    meaning: 'Until the clock was reset once, the whole guard counts as true.',
    rvgen: 'Writes that check, in silence.',
    example: dot('"a" -> "a" [label = "stay;clk < 5us"]\n"b" -> "b" [label = "zero;reset(clk)"]')
  },
  {
    code: 'unit-without-reset',
    severity: 'note',
    title: 'A unit of time for what is never reset',
    meaning: 'A variable with a unit is taken for a clock.',
    rvgen: 'Writes the getter of a clock for it.',
    example: dot('"a" -> "a" [label = "stay;load < 5us"]')
  },
  {
    code: 'clock-without-unit',
    severity: 'warning',
    title: 'A clock of unknown unit',
    meaning:
      'A unit (ns, us, ms, s, j), or a value called ..._ns or ..._jiffies, says what a clock counts.',
    rvgen: 'Leaves blanks for how to read and reset it.',
    example: dot('"a" -> "a" [label = "stay;clk < 5;reset(clk)"]')
  },
  {
    code: 'mixed-units',
    severity: 'warning',
    title: 'A clock of two units',
    meaning: 'A clock counts nanoseconds or jiffies, not both.',
    rvgen: 'Takes the unit that it sees last, in silence.',
    example: dot('"b" -> "b" [label = "stay;clk < 5ms;reset(clk)\\nrest;clk < 5j"]')
  },
  {
    code: 'symbolic-unit',
    severity: 'warning',
    title: 'A unit behind a name',
    meaning:
      'A named value is not converted: call it ..._ns or ..._jiffies, and leave the unit out.',
    rvgen:
      'In an invariant it repeats the name 1,000 times or more in the C code; in a guard it leaves the unit out. Both in silence.',
    example: dot(
      '"c" [label = "c\\nclk < LIMIT us"]\n"b" -> "c" [label = "in;reset(clk)"]\n"c" -> "a" [label = "out"]'
    )
  },
  {
    code: 'value-too-large',
    severity: 'warning',
    title: 'A value of more than 64 bits',
    meaning: 'Variables have 64 bits; with its unit converted to ns the value has more.',
    rvgen: 'Writes a constant that C cuts off.',
    example: dot('"a" -> "a" [label = "stay;x < 99999999999s"]')
  },
  {
    code: 'too-many-clocks',
    severity: 'warning',
    title: 'More than one clock',
    meaning: 'The kernel stores one environment variable for each instance (`MAX_HA_ENV_LEN`).',
    rvgen: 'Writes code that does not compile: `Not enough slots`.',
    example: dot('"b" -> "b" [label = "one;reset(x);x < 1us\\ntwo;reset(y);y < 1us"]')
  },
  {
    code: 'env-in-other-name',
    severity: 'warning',
    title: 'A clock’s name inside of another',
    meaning: 'A guard counts as true until each clock that rvgen finds in it was reset.',
    rvgen:
      'Looks for the letters of a clock’s name anywhere in the C code of a guard, in silence: a clock called `t` or `env` is in all of them.',
    example: dot('"b" -> "b" [label = "one;reset(t);t < 1us\\ntwo;irq_off == 1"]')
  }
]
