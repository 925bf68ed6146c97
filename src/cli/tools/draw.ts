import { Option, type Command } from 'commander'
import { pictureOf, pictureText, type Picture } from '../../model/draw/picture'
import { printBuchi } from '../../model/draw/print-buchi'
import { specOfAutomaton, specOfLtl } from '../../model/draw/spec'
import { svgOf, type Theme } from '../../model/draw/svg'
import { commentOf, COMMENT_MARGIN, textOf, type Charset } from '../../model/draw/text'
import { wrapped } from '../../model/draw/text/graph'
import type { MonitorSpec } from '../../model/instrumentation-yaml'
import { printDot } from '../../model/print-dot'
import { PictureTooLarge, pngOf } from '../../raster/png'
import { Failure, quote, UsageFailure, type CliIo } from '../io'
import { seconds, wholeNumber } from '../options'
import { expectAnotherFile, writeDrawing } from './draw/files'
import { layoutInThread } from './draw/layout-thread'
import { readModel } from './model-file'
import type { AddTool } from '.'

const FORMATS = ['svg', 'png', 'dot', 'txt'] as const
type Format = (typeof FORMATS)[number]

/** Columns where nothing says how many there are, and of a comment in C. */
const COLUMNS = 80

interface DrawOptions {
  readonly format?: Format
  readonly output?: string
  readonly direction: 'LR' | 'TB'
  readonly theme?: Theme
  readonly colours?: true
  readonly scale: number
  readonly charset: Charset
  readonly width?: number
  readonly comment?: true
  readonly timeout: number
}

/** Options that mean nothing to some formats. */
const ONLY_FOR: Readonly<Record<string, readonly Format[]>> = {
  direction: ['svg', 'png'],
  theme: ['svg', 'png'],
  colours: ['svg', 'png'],
  timeout: ['svg', 'png'],
  scale: ['png'],
  charset: ['txt'],
  width: ['txt'],
  comment: ['txt']
}

/** `rvpanel draw FILE`: a model as a picture, as canonical DOT, or in characters. */
export const addDraw: AddTool = (program, io, done) => {
  program
    .command('draw')
    .description('draw a model: a picture, DOT, or characters for a terminal or a comment')
    .argument('<file>', 'a .dot, .gv or .ltl file, or - for standard input')
    .addOption(
      new Option(
        '-T, --format <format>',
        'what to make; by the ending of the output, else txt'
      ).choices(FORMATS)
    )
    .option('-o, --output <file>', 'where to write it; else to standard output')
    .addOption(
      new Option('--direction <direction>', 'left to right, or top to bottom')
        .choices(['LR', 'TB'])
        .default('LR')
    )
    .addOption(
      new Option('--theme <theme>', "auto follows the viewer's; svg: auto, png: light").choices([
        'light',
        'dark',
        'auto'
      ])
    )
    .option('--colours', 'each state in a colour of its own, as in the window')
    .option('--scale <n>', 'pixels of a png for each of the svg', scaleOf, 2)
    .addOption(
      new Option('--charset <charset>', 'characters that txt is made of')
        .choices(['unicode', 'ascii'])
        .default('unicode')
    )
    .option(
      '--width <n>',
      "columns of txt; else the terminal's, or 80",
      wholeNumber('--width', 10, 10_000)
    )
    .option('--comment', 'txt as a comment in C of 80 columns')
    .addOption(
      new Option('--timeout <seconds>', 'how long a layout may take')
        .argParser(seconds('--timeout'))
        .default(30_000, '30')
    )
    .action(async (file: string, options: DrawOptions, command: Command) => {
      const format = formatOf(options)
      for (const [name, formats] of Object.entries(ONLY_FOR)) {
        if (command.getOptionValueSource(name) === 'cli' && !formats.includes(format)) {
          throw new UsageFailure(`--${name} is for ${formats.join(' and ')}, and this is ${format}`)
        }
      }
      if (options.output !== undefined) await expectAnotherFile(options.output, file)
      else if (format === 'png' && io.outBytes === undefined) {
        throw new UsageFailure('a png is not for a terminal; expected -o FILE')
      }
      const model = await readModel(file, io)
      const content = await drawn(model, format, options, io)
      if (options.output !== undefined) await writeDrawing(options.output, file, content)
      else if (typeof content === 'string') await io.out(content)
      else await io.outBytes?.(content)
      done(0)
    })
}

function formatOf({ format, output }: DrawOptions): Format {
  if (format !== undefined) return format
  if (output === undefined) return 'txt'
  const ending = /\.([a-z]+)$/.exec(output)?.[1] ?? ''
  const found = FORMATS.find((known) => known === (ending === 'gv' ? 'dot' : ending))
  if (found !== undefined) return found
  throw new UsageFailure(
    `${quote(output)} does not say what to make; expected -T, or a name that ends in .svg, .png, .dot or .txt`
  )
}

async function drawn(
  model: MonitorSpec,
  format: Format,
  options: DrawOptions,
  io: CliIo
): Promise<string | Uint8Array> {
  switch (format) {
    case 'dot':
      return model.kind === 'ltl' ? printBuchi(model.ltl) : printDot(model.automaton)
    case 'txt':
      return characters(model, options, io)
    case 'svg':
      return svg(pictureOf(model), options.theme ?? 'auto', options, io)
    case 'png':
      try {
        return await pngOf(
          await svg(pictureOf(model), options.theme === 'dark' ? 'dark' : 'light', options, io),
          options.scale
        )
      } catch (error) {
        if (error instanceof PictureTooLarge) throw new Failure(error.message)
        throw error
      }
  }
}

async function svg(
  picture: Picture,
  theme: Theme,
  { direction, colours, timeout }: DrawOptions,
  io: CliIo
): Promise<string> {
  const layout = await layoutInThread(pictureText(picture, direction), { timeout, stop: io.stop })
  return svgOf(picture, layout, { theme, colours: colours === true })
}

function characters(model: MonitorSpec, options: DrawOptions, io: CliIo): string {
  const { charset, comment } = options
  const columns =
    options.width ??
    (comment === undefined && options.output === undefined ? io.columns : undefined)
  const width = (columns ?? COLUMNS) - (comment === undefined ? 0 : COMMENT_MARGIN)
  const spec = model.kind === 'ltl' ? specOfLtl(model.ltl) : specOfAutomaton(model.automaton)
  const { kind, lines, reason } = textOf(spec, { width, charset })
  if (kind === 'listing') io.err(`rvpanel: listed instead of drawn: ${reason}\n`)
  const rule = model.kind === 'ltl' ? [...wrapped(`RULE = ${model.ltl.rule}`, width), ''] : []
  const all = [...rule, ...lines]
  return `${(comment === undefined ? all : commentOf(all)).join('\n')}\n`
}

/** @throws UsageFailure */
function scaleOf(text: string): number {
  const value = /^[0-9]{1,2}(\.[0-9]{1,2})?$/.test(text) ? Number(text) : Number.NaN
  if (value >= 0.1 && value <= 16) return value
  throw new UsageFailure(`--scale expects a number from 0.1 to 16, got ${quote(text)}`)
}
