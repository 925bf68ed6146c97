import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import boundaries from 'eslint-plugin-boundaries'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'

/*
 * The layers, lowest first, and what each may import. A wrong import is an
 * error here, not a matter of taste in a review: pure layers stay pure, only
 * main and preload know Electron, only target and mount start processes.
 */
const layers = {
  model: [],
  engine: ['model'],
  simulator: ['model', 'engine'],
  trace: ['model'],
  contract: ['model'],
  target: ['model', 'engine', 'simulator', 'trace', 'contract'],
  mount: ['model', 'engine', 'simulator', 'trace', 'contract', 'target'],
  observer: ['model', 'engine', 'simulator', 'trace', 'contract', 'target'],
  raster: [],
  preload: ['contract'],
  renderer: ['contract', 'model'],
  main: ['model', 'trace', 'contract', 'target', 'observer', 'raster'],
  cli: ['model', 'simulator', 'trace', 'contract', 'target', 'observer', 'mount', 'raster']
}
const pure = ['model', 'engine', 'simulator', 'trace', 'contract']
const nodeModules = { regex: '^node:|^(fs|path|os|net|child_process|worker_threads|crypto)(/|$)' }
const electron = { regex: '^electron($|/)', message: 'Only main and preload know Electron.' }
const processes = {
  regex: '^(node:)?child_process$|^node-pty$',
  message: 'Only the target layer and mount start processes.'
}

/** @param {string[]} names @param {object[]} patterns */
const restrict = (names, patterns) => ({
  files: names.map((name) => `src/${name}/**/*.{ts,vue}`),
  ignores: ['**/*.test.ts'],
  rules: { 'no-restricted-imports': ['error', { patterns }] }
})

export default tseslint.config(
  { ignores: ['out/', 'node_modules/', 'coverage/', 'test-results/', 'test/fixtures/'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', Buffer: 'readonly' }
    }
  },
  {
    // Parts of it run inside the window, by page.evaluate().
    files: ['bench/renderer.mjs'],
    languageOptions: {
      globals: {
        setTimeout: 'readonly',
        performance: 'readonly',
        requestAnimationFrame: 'readonly'
      }
    }
  },
  {
    files: ['**/*.{ts,vue}'],
    extends: [
      ...tseslint.configs.strictTypeChecked,
      ...tseslint.configs.stylisticTypeChecked,
      ...vue.configs['flat/recommended']
    ],
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        project: [
          './tsconfig.pure.json',
          './tsconfig.preload.json',
          './tsconfig.web.json',
          './tsconfig.node.json',
          './tsconfig.e2e.json'
        ],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue']
      }
    },
    plugins: { boundaries },
    settings: {
      'boundaries/elements': Object.keys(layers).map((type) => ({
        type,
        pattern: `src/${type}`
      })),
      'import/resolver': {
        typescript: { project: './tsconfig.node.json', noWarnOnMultipleProjects: true }
      }
    },
    rules: {
      // The compiler knows every name; the rule does not know types.
      'no-undef': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true }
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/unified-signatures': 'off',
      eqeqeq: 'error',
      'vue/multi-word-component-names': 'off',
      'vue/no-v-html': 'error'
    }
  },
  {
    files: ['src/**/*.{ts,vue}'],
    // A test may wire neighbours together; what ships may not.
    ignores: ['**/*.test.ts'],
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: Object.entries(layers).map(([type, below]) => ({
            from: { element: { type } },
            allow: { to: { element: { types: { anyOf: [type, ...below] } } } }
          }))
        }
      ]
    }
  },
  restrict(pure, [electron, processes, nodeModules]),
  restrict(['renderer'], [electron, processes, nodeModules]),
  restrict(['target', 'mount'], [electron]),
  restrict(['observer', 'cli'], [electron, processes]),
  restrict(['main', 'preload'], [processes]),
  {
    files: ['src/{model,engine,simulator,trace,contract}/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Pure code takes its clock as an argument.' },
        {
          object: 'Math',
          property: 'random',
          message: 'Pure code takes its randomness as an argument.'
        }
      ],
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'performance', 'process']
    }
  },
  {
    // Indexes into the simulator's columns and rings are in range by construction, and a default
    // on each read would cost time in its inner loop.
    files: ['src/simulator/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' }
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // A test may say "this is there" of what it has just made.
      '@typescript-eslint/no-non-null-assertion': 'off'
    }
  },
  prettier
)
