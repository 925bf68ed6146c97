import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Two cores: more workers only take each other's time.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['src/renderer/**'],
          // Property tests on a busy machine with two cores; nothing asserts a time.
          testTimeout: 60_000
        }
      },
      {
        plugins: [vue()],
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          include: ['src/renderer/**/*.test.ts'],
          // Style sheets are read as they are by the test of their colours.
          css: { include: [/\.css\?raw$/] },
          testTimeout: 30_000
        }
      },
      {
        test: {
          name: 'conformance',
          environment: 'node',
          include: ['test/conformance/**/*.test.ts', 'test/replay/**/*.test.ts'],
          // An emulated machine on a busy host; each wait has its own, shorter end.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // One QEMU at a time.
          fileParallelism: false
        }
      },
      {
        test: {
          name: 'mount',
          environment: 'node',
          include: ['test/mount/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // One machine at a time.
          fileParallelism: false
        }
      },
      {
        test: {
          name: 'target',
          environment: 'node',
          include: ['test/target/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // One QEMU at a time.
          fileParallelism: false
        }
      },
      {
        test: {
          // Builds and boots a kernel: npm run test:kernel, never part of npm test.
          name: 'kernel',
          environment: 'node',
          include: ['test/kernel/**/*.test.ts'],
          testTimeout: 3_600_000,
          hookTimeout: 600_000,
          fileParallelism: false
        }
      },
      {
        test: {
          name: 'window',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/program-copy.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // One Electron at a time.
          fileParallelism: false
        }
      }
    ]
  }
})
