/**
 * Plain data as messages say it: every field may be left out or be null, at every depth. Text without a
 * character stands for null, and is gone where messages are merged.
 */
export type SaidData<Value> = Value extends readonly (infer Element)[]
  ? readonly SaidData<Element>[]
  : Value extends object
    ? { readonly [Key in keyof Value]?: SaidData<Value[Key]> | null }
    : Value
