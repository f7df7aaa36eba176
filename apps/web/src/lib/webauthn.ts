/** Passkeys: what the server writes as JSON, turned into what the browser takes, and back (WebAuthn Level 3, section 5.1). */

type Json = Record<string, unknown>;

export function toBytes(base64url: string): ArrayBuffer {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer;
}

export function toBase64url(buffer: ArrayBuffer): string {
  const text = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const list = (value: unknown) => (Array.isArray(value) ? (value as Json[]) : []).map((entry) => ({ ...entry, id: toBytes(String(entry["id"])) }));

/** The options themselves, whether the server wraps them in `publicKey`, as many do, or not. */
function bare(options: unknown): Json {
  const read = options as Json;
  return (read["publicKey"] as Json | undefined) ?? read;
}

export function creationOptions(options: unknown): PublicKeyCredentialCreationOptions {
  const read = bare(options);
  const user = read["user"] as Json;
  return {
    ...read,
    challenge: toBytes(String(read["challenge"])),
    user: { ...user, id: toBytes(String(user["id"])) },
    excludeCredentials: list(read["excludeCredentials"]),
  } as unknown as PublicKeyCredentialCreationOptions;
}

export function requestOptions(options: unknown): PublicKeyCredentialRequestOptions {
  const read = bare(options);
  return { ...read, challenge: toBytes(String(read["challenge"])), allowCredentials: list(read["allowCredentials"]) } as unknown as PublicKeyCredentialRequestOptions;
}

/** What the device answered, as JSON. */
export function credentialJson(credential: PublicKeyCredential): Json {
  const response: Json = {};
  const { response: read } = credential;
  response["clientDataJSON"] = toBase64url(read.clientDataJSON);
  if (read instanceof AuthenticatorAttestationResponse) {
    response["attestationObject"] = toBase64url(read.attestationObject);
    response["transports"] = read.getTransports();
  } else if (read instanceof AuthenticatorAssertionResponse) {
    response["authenticatorData"] = toBase64url(read.authenticatorData);
    response["signature"] = toBase64url(read.signature);
    response["userHandle"] = read.userHandle ? toBase64url(read.userHandle) : null;
  }
  return {
    id: credential.id,
    rawId: toBase64url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

/** Whether passkeys can belong to a host: they belong to names, not to numbers. */
export function isNamed(host: string): boolean {
  return !/^[\d.]+$/.test(host) && !host.includes(":");
}

/** Whether there can be passkeys here: the browser has them over a secure connection alone, and for hosts with a name. */
export const hasPasskeys = () => window.isSecureContext && "PublicKeyCredential" in window && isNamed(location.hostname);

/** Whether a passkey was not used because the person did not want to, or took too long. */
export const wasCancelled = (error: unknown) => error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError");
