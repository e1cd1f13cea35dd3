import type { Amount } from 'callstate/providers'

/** An amount with its currency, or with the provider's own unit: `12.5 cent`. Pure. */
export function amountText({ amount, currency, unit }: Amount): string {
  return `${Number(amount.toFixed(DECIMALS))} ${currency ?? unit ?? ''}`.trimEnd()
}

/** Sums of binary fractions have a tail. */
const DECIMALS = 6
