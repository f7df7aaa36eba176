import { createReadStream, readFileSync } from "node:fs";
import { createRequire } from "node:module";
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

const server = process.env["EDUAI_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), tailwindcss(), verovio()],
  server: { proxy: { "/api": server, "/openapi.json": server, "/docs": server } },
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
