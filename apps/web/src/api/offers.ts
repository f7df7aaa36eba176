/** Put in by the build: see `offers` in `vite.config.ts`. */
declare const __OFFERS__: Readonly<Record<"passkeys" | "providers" | "consents" | "requests" | "audit" | "models" | "guardians", boolean>>;

/** Which parts of the API the program has. */
export const offers = __OFFERS__;
