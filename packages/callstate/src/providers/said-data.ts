/** Plain data of which every field may be left out or be null, at every depth. */
export type SaidData<Value> = Value
