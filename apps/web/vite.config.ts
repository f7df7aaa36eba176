import { createReadStream, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const VEROVIO_URL = "/vendor/verovio/verovio-module.mjs";
const verovioFile = createRequire(import.meta.url).resolve("verovio/wasm");

/**
 * Ships the Verovio engraver as its own, unmodified file, as its licence (LGPL) asks: a user may replace it.
 * Bundling it would also put seven megabytes into a chunk that only the score needs.
 */
function verovio(): Plugin {
  return {
    name: "eduai-verovio",
    configureServer(server) {
      server.middlewares.use(VEROVIO_URL, (_request, response) => {
        response.setHeader("Content-Type", "text/javascript");
        createReadStream(verovioFile).pipe(response);
      });
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: VEROVIO_URL.slice(1), source: readFileSync(verovioFile) });
    },
  };
}

/** Fonts and pictures are packed already. */
const PACKABLE = /\.(html|js|mjs|css|svg|json|webmanifest)$/;
/** Brotli's best takes half a minute for the engraver and saves little over this. */
const BROTLI_QUALITY = 9;

/**
 * Writes each file's compressed siblings, which the server hands out instead: Brotli where the browser takes it, gzip on
 * a plain connection in the school's own network, where browsers take no other.
 */
function packed(): Plugin {
  return {
    name: "eduai-packed",
    apply: "build",
    writeBundle({ dir = "dist" }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
        const file = join(dir, name);
        if (!PACKABLE.test(name) || name.startsWith(".vite") || !statSync(file).isFile()) continue;
        const plain = readFileSync(file);
        const br = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } });
        const gz = gzipSync(plain, { level: 9 });
        if (br.length < plain.length) writeFileSync(`${file}.br`, br);
        if (gz.length < plain.length) writeFileSync(`${file}.gz`, gz);
      }
    },
  };
}

/**
 * What the program's API has, as its own description says: pages for what it has not are built, and offered to nobody.
 */
function offers(): Record<string, boolean> {
  interface Described {
    paths: Record<string, unknown>;
    components: { schemas: { Registration: { properties: Record<string, unknown> } } };
  }
  const { paths, components } = JSON.parse(readFileSync(new URL("../../openapi.json", import.meta.url), "utf8")) as Described;
  const has = (path: string) => `/api/v1${path}` in paths;
  return {
    passkeys: has("/me/passkeys"),
    providers: has("/auth/providers"),
    consents: has("/me/consents"),
    requests: has("/me/privacy/requests"),
    audit: has("/audit"),
    models: has("/models"),
    guardians: "guardian_email" in components.schemas.Registration.properties,
  };
}

const server = process.env["EDUAI_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  define: { __OFFERS__: JSON.stringify(offers()) },
  plugins: [react(), tailwindcss(), verovio(), packed()],
  // The host stays as the browser said it: the program lets no page of another site change anything.
  server: { proxy: Object.fromEntries(["/api", "/openapi.json", "/docs"].map((path) => [path, { target: server, changeOrigin: false }])) },
  worker: { format: "es" },
  build: {
    target: "es2022",
    // A preload polyfill would be an inline script, which the content security policy forbids.
    modulePreload: { polyfill: false },
    // Fonts and workers stay files of their own: `data:` addresses are not in the policy either.
    assetsInlineLimit: 0,
    manifest: true,
  },
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  test: { environment: "node", include: ["src/**/*.test.{ts,tsx}"] },
});
