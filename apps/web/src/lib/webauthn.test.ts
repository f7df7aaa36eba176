import { describe, expect, it } from "vitest";
import { creationOptions, isNamed, requestOptions, toBase64url, toBytes } from "./webauthn";

describe("passkeys as JSON", () => {
  it("keeps every byte there and back, without signs that an address could not hold", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const text = toBase64url(bytes.buffer);
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(new Uint8Array(toBytes(text))).toEqual(bytes);
    expect(toBase64url(toBytes(""))).toBe("");
  });

  it("reads options, wrapped or bare", () => {
    const options = { challenge: "AQID", rpId: "localhost", allowCredentials: [{ id: "BAU", type: "public-key" }] };
    for (const given of [options, { publicKey: options }]) {
      const read = requestOptions(given);
      expect(new Uint8Array(read.challenge as ArrayBuffer)).toEqual(Uint8Array.of(1, 2, 3));
      expect(new Uint8Array(read.allowCredentials?.[0]?.id as ArrayBuffer)).toEqual(Uint8Array.of(4, 5));
      expect(read.rpId).toBe("localhost");
    }
    const made = creationOptions({ publicKey: { challenge: "AQID", user: { id: "Bg", name: "ana", displayName: "Ana" }, rp: { name: "EduAI" }, pubKeyCredParams: [] } });
    expect(new Uint8Array(made.user.id as ArrayBuffer)).toEqual(Uint8Array.of(6));
    expect(made.excludeCredentials).toEqual([]);
  });

  it("belong to hosts with a name", () => {
    for (const host of ["localhost", "school.example", "eduai.local"]) expect(isNamed(host), host).toBe(true);
    for (const host of ["127.0.0.1", "192.168.1.20", "[::1]", "::1"]) expect(isNamed(host), host).toBe(false);
  });
});
