import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/app/app";
import { applyToDocument, useSettings } from "@/lib/settings";
import { keepFresh, keeper } from "@/session/session";
import "@/i18n";
import "@/design/index.css";

applyToDocument(useSettings.getState());
useSettings.subscribe(applyToDocument);

void keeper.start();
keepFresh();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
