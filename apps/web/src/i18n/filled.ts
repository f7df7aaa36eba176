/** The same tree with sentences of another language at its leaves. */
export type Filled<T> = { [K in keyof T]: T[K] extends string ? string : Filled<T[K]> };
