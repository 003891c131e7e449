export { type Config, configOf, loadConfig } from './config.ts'
export { ConfigError } from './config-error.ts'
export { type RunningServer, type ServerParts, startServer } from './server.ts'
export { StartError, type StartErrorCode } from './start-error.ts'
