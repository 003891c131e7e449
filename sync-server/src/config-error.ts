/** A setting that cannot be used; its message is one line and names the flag, variable or key it came from. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** As the person wrote it: `--port`, `WEFT_PORT`, or `"port" in weft.json`. */
  readonly setting: string

  constructor(setting: string, problem: string) {
    super(`${setting}: ${problem}`)
    this.setting = setting
  }
}

/** What somebody gave, fit for one line: control characters escaped, at most 80 characters. */
export function shown(given: unknown): string {
  const text = JSON.stringify(given) ?? String(given)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
