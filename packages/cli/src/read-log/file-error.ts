/** An error of the file system or of gzip. */
export type FileError = Error & { readonly code: string }

const ZLIB_ERROR = /^Z_/

/** Whether an error is one of the file system or of gzip; every other error is a bug. Pure. */
export function isFileError(error: unknown): error is FileError {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return false
  return 'syscall' in error || ZLIB_ERROR.test(error.code)
}

/** What is wrong with a file, and what to do about it. Pure. */
export function fileErrorText({ code }: FileError): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file; check the name'
    case 'EISDIR':
      return 'expected a file, got a folder; name the files in it'
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read the file; check its permissions'
    case 'Z_BUF_ERROR':
      return 'the gzip data ends too early; what was read before counts, get the whole file'
    default:
      return ZLIB_ERROR.test(code)
        ? `the gzip data is damaged (${code}); what was read before counts, get the file again`
        : `the file cannot be read (${code})`
  }
}
