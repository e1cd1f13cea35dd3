import { unfailing } from './unfailing.ts'

/** What a log line says beside its sentence. Never a phone number, a transcript or a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

/** Where log lines go; pino and its likes fit as they are. */
export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

const nothing = () => {}

/** The logger, except that what it throws is lost: a log line must not undo what it tells of. */
function unfailingLogger(logger: Logger): Logger {
  // Where logging fails, there is nobody left to tell.
  const quietly = (level: keyof Logger) =>
    unfailing((fields: LogFields, message: string) => logger[level](fields, message), nothing)
  return {
    debug: quietly('debug'),
    info: quietly('info'),
    warn: quietly('warn'),
    error: quietly('error'),
  }
}

/** Says nothing: the default. */
const SILENT: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/** The logger of the options, which cannot fail; where there is none, one that says nothing. */
export function loggerOf(given: Logger | undefined): Logger {
  return given === undefined ? SILENT : unfailingLogger(given)
}

/** Whether a logger is the one that says nothing because none was given. */
export function isDefaultLogger(logger: Logger): boolean {
  return logger === SILENT
}
