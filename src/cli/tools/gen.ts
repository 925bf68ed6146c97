import type { Command } from 'commander'
import { genContainer } from './gen-container'
import { genKunit } from './gen-kunit'
import { genMonitor } from './gen-monitor'
import type { GenOptions } from './gen-options'
import type { AddTool } from '.'

/** `rvpanel gen monitor|container|kunit`: what the kernel's rvgen makes, with its options. */
export const addGen: AddTool = (program, io, done) => {
  const gen = program
    .command('gen')
    .description('generate kernel code: a monitor, a container of monitors, or a KUnit test')
  common(gen.command('monitor'))
    .description('generate kernel rv monitor: its C files, headers and Kconfig')
    .option('-c, --class <class>', 'Monitor class, either "da", "ha" or "ltl"')
    .option('-s, --spec <file>', 'model: a .dot, .gv or .ltl file')
    .option('-t, --monitor_type <type>', 'global, per_cpu, per_task or per_obj')
    .option('-p, --parent <name>', 'container that the monitor is nested in')
    .option(
      '-i, --instrumentation <file>',
      'YAML file of the handlers; else NAME.yaml beside the model'
    )
    .option('--skeleton', 'leave the handlers to the author, also where there is a YAML file')
    .option('-f, --force', 'overwrite files that are there already')
    .action(async (options: Parameters<typeof genMonitor>[0]) => {
      await genMonitor(options, io)
      done(0)
    })
  common(gen.command('container'))
    .description('generate a container, the parent of nested monitors')
    .option('-f, --force', 'overwrite files that are there already')
    .action(async (options: GenOptions) => {
      await genContainer(options, io)
      done(0)
    })
  common(gen.command('kunit'))
    .description('generate a KUnit test of a monitor, from the handlers of its C file')
    .option('-l, --local', 'look for the monitor in the current folder only')
    .action(async (options: Parameters<typeof genKunit>[0]) => {
      await genKunit(options, io)
      done(0)
    })
}

function common(command: Command): Command {
  return command
    .option('-n, --model_name <name>', 'name of the monitor')
    .option('-D, --description <text>', 'what the monitor checks, in one line')
    .option('-a, --auto_patch', 'write into a kernel tree, and add what is made to its files')
    .option('--tree <folder>', 'the kernel tree; else the one that the current folder is in')
}
