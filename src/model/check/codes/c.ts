import type { CodeEntry, CodeExample } from './code'

/** A header as dot2c prints it, of one state. @param more the enum of the environment variable clk, if there is one */
function header(events: string, row: string, final: string, more = ''): CodeExample {
  return {
    file: 'm.h',
    text: `enum states {
	a,
	state_max,
};

enum events {
${events}
	event_max,
};
${more}
struct automaton {
	char *state_names[state_max];
	char *event_names[event_max];
${more === '' ? '' : '\tchar *env_names[env_max];\n'}	unsigned char function[state_max][event_max];
	unsigned char initial_state;
	bool final_states[state_max];
};

static const struct automaton aut = {
	.state_names = { "a" },
	.event_names = { ${[...events.matchAll(/\w+/g)].map(([e]) => `"${e}"`).join(', ')} },
${more === '' ? '' : '\t.env_names = { "clk" },\n'}	.function = { { ${row} } },
	.initial_state = a,
	.final_states = { ${final} },
};
`,
    excerpt: `.function = { { ${row} } },\n.final_states = { ${final} },`
  }
}

const OURS = 'Has no way back from C.'

/** What `rvpanel c2dot` reads, and `rvpanel gen` writes. */
export const GENERATED: readonly CodeEntry[] = [
  {
    code: 'unused-event',
    severity: 'warning',
    title: 'An event that no state of a header allows',
    meaning: 'In DOT an event is on an edge, so this one is left out.',
    rvgen: OURS,
    example: header('\tgo,\n\tstop,', 'a, state_max', '1')
  },
  {
    code: 'no-final-state',
    severity: 'warning',
    title: 'A header without a final state',
    meaning: 'In DOT the initial state is final then.',
    rvgen: OURS,
    example: header('\tgo,', 'a', '0')
  },
  {
    code: 'no-constraints',
    severity: 'warning',
    title: 'Guards that are not in the header',
    meaning: 'Those of a hybrid automaton stand in the C file of the monitor, beside the header.',
    rvgen: OURS,
    example: {
      ...header(
        '\tgo,',
        'a',
        '1',
        '\nenum envs {\n\tclk,\n\tenv_max,\n\tenv_max_stored = env_max,\n};\n'
      ),
      excerpt: 'enum envs {\n\tclk,\n\tenv_max,\n\tenv_max_stored = env_max,\n};'
    }
  },
  {
    code: 'not-in-c',
    severity: 'error',
    title: 'An instrumentation that has no form in C',
    meaning: 'The simulated kernel runs it; the handlers of a real one cannot be generated of it.',
    rvgen: 'Leaves the handlers to the author.'
  }
]
