/** Other processes for tests: started from these sources, read line by line, ended by hand. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Child {
  readonly pid: number
  /** Everything it has said so far. */
  readonly lines: readonly string[]
  /** The first line that matches; waits for it. @throws when the process ends without one. */
  line(matches: (line: string) => boolean): Promise<string>
  /** Ends it and waits until it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Its exit code; waits for its end. */
  exit(): Promise<number | null>
}

export interface ChildOptions {
  /** Run as this user. */
  readonly uid?: number
  /** The largest file it may write; beyond it, writing fails as on a broken disk. */
  readonly maxFileKiB?: number
}

export function startChild(script: string, args: readonly string[], options: ChildOptions = {}): Child {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', path, ...args]
  // The signal is ignored so that the write itself fails (EFBIG); an ignored signal stays so through exec.
  const limit = `trap '' XFSZ; ulimit -f ${options.maxFileKiB}; exec "$@"`
  const [command = '', ...rest] =
    options.maxFileKiB === undefined ? node : ['bash', '-c', limit, 'bash', ...node]
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit']
  const child = spawn(command, rest, options.uid === undefined ? { stdio } : { stdio, uid: options.uid })
  return follow(child)
}

function follow(child: ChildProcess): Child {
  const lines: string[] = []
  let rest = ''
  let wake: () => void = () => undefined
  let ended = false
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      ended = true
      wake()
      resolve(code)
    })
  })
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
    wake()
  })
  return {
    pid: child.pid ?? 0,
    lines,
    async line(matches) {
      for (;;) {
        const found = lines.find(matches)
        if (found !== undefined) return found
        if (ended)
          throw new Error(`the process ended without the line; it said: ${lines.slice(-5).join(' | ')}`)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    async kill(signal) {
      child.kill(signal)
      await exited
    },
    exit: () => exited,
  }
}
