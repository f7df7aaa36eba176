import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Home } from "@/features/home/home";
import { Broken, NotFound } from "./fallbacks";
import { Shell } from "./shell";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Broken });

const home = createRoute({ getParentRoute: () => root, path: "/", component: Home });

const studio = createRoute({
  getParentRoute: () => root,
  path: "/studio/$id",
  component: lazyRouteComponent(() => import("@/features/studio/studio"), "Studio"),
});

const tree = root.addChildren([home, studio]);

export function createAppRouter() {
  return createRouter({ routeTree: tree, defaultPreload: "intent", scrollRestoration: true });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
  interface HistoryState {
    /** Set where a remix was made just now: the page then opens at what changed. */
    remixed?: boolean;
  }
}
