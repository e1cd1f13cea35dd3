import { type OriginScheme, type OriginVerdict, refused } from './scheme.ts'

/** The scheme, with every throw and every rejection of its checks as the answer `wrong`. */
export function guarded(scheme: OriginScheme): OriginScheme {
  const { checkHead, checkBody } = scheme
  return {
    ...scheme,
    checkHead: (head, check) => answered(() => checkHead(head, check)),
    ...(checkBody && {
      checkBody: (delivery, check) => answered(() => checkBody(delivery, check)),
    }),
  }
}

async function answered(
  check: () => OriginVerdict | Promise<OriginVerdict>,
): Promise<OriginVerdict> {
  try {
    return await check()
  } catch {
    // Input outside the declared types, or a key of which WebCrypto can make nothing.
    return refused('wrong')
  }
}
