/** Words that C, or the dialect of it that the kernel is written in, keeps for itself. */
export const C_KEYWORDS: ReadonlySet<string> = new Set(
  (
    'auto break case char const continue default do double else enum extern float for goto if ' +
    'inline int long register restrict return short signed sizeof static struct switch typedef ' +
    'union unsigned void volatile while _Alignas _Alignof _Atomic _Bool _Complex _Generic ' +
    '_Imaginary _Noreturn _Static_assert _Thread_local asm typeof __asm__ __attribute__ ' +
    // Of types and values of the kernel's headers that no variable may be called.
    'bool true false u8 u16 u32 u64 s8 s16 s32 s64 size_t ssize_t'
  ).split(' ')
)

/**
 * Macros without arguments: the compiler puts something else in the place of
 * these words wherever they stand alone. gcc itself defines the first ones.
 */
export const C_MACROS: ReadonlySet<string> = new Set(
  (
    'linux unix i386 current NULL HZ THREAD_SIZE PAGE_SIZE PAGE_SHIFT PAGE_MASK USER_HZ ' +
    'CURRENT_TIME KERNEL_VERSION KBUILD_MODNAME THIS_MODULE MONITOR_NAME RV_MON_TYPE ' +
    'HA_TIMER_TYPE INVALID_STATE NSEC_PER_SEC NSEC_PER_MSEC NSEC_PER_USEC USEC_PER_SEC ' +
    'MSEC_PER_SEC ENV_INVALID_VALUE ENV_MAX EOF EINVAL ENOMEM EBUSY EPERM TASK_RUNNING ' +
    'TASK_INTERRUPTIBLE TASK_UNINTERRUPTIBLE GFP_KERNEL GFP_ATOMIC U64_MAX INT_MAX UINT_MAX LONG_MAX'
  ).split(' ')
)

/** Names in the code that rvgen writes around guards: a value of one of these would mean another thing. */
export const GUARD_LOCALS: ReadonlySet<string> = new Set(
  'res env event ha_mon time_ns curr_state next_state rv_this jiffies'.split(' ')
)

/** Names in the functions that rvgen writes for a formula, in which each atom is a variable in lower case. */
export const LTL_LOCALS: ReadonlySet<string> = new Set('task mon state next'.split(' '))
