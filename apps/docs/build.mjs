// Collects the page: Swagger UI's own files and ours.
import { cpSync, mkdirSync, rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist", { recursive: true });
cpSync("src", "dist", { recursive: true });
for (const name of ["swagger-ui.css", "swagger-ui-bundle.js", "LICENSE"]) {
  cpSync(`node_modules/swagger-ui-dist/${name}`, `dist/${name}`);
}
