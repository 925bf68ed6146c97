import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

/*
 * Three bundles: main (with the observer's utility process and the command
 * line, which run in Node as well), the sandboxed preload script (one CommonJS
 * file, as the sandbox demands) and the window.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: true,
      rolldownOptions: {
        input: {
          index: resolve('src/main/index.ts'),
          'observer-process': resolve('src/main/observer-process.ts'),
          cli: resolve('src/cli/main.ts')
        },
        output: { format: 'es' }
      }
    }
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: resolve('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: 'src/renderer',
    plugins: [vue()],
    worker: { format: 'es' },
    build: {
      outDir: 'out/renderer',
      // The Content-Security-Policy forbids data: scripts and inline code.
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: { input: { index: resolve('src/renderer/index.html') } }
    }
  }
})
