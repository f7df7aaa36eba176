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

/** What an address may say after its question mark: these names, as texts. */
function named<K extends string>(...names: readonly K[]) {
  return (search: Record<string, unknown>): { [Name in K]?: string } =>
    Object.fromEntries(names.flatMap((name) => (typeof search[name] === "string" ? [[name, search[name]]] : []))) as { [Name in K]?: string };
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: named("to", "keep", "institution"),
  component: lazyRouteComponent(() => import("@/features/account/sign-in"), "SignIn"),
});
const signInDone = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/done",
  validateSearch: named("to", "error", "institution"),
  component: lazyRouteComponent(() => import("@/features/account/sign-in"), "SignInDone"),
});
const register = createRoute({
  getParentRoute: () => root,
  path: "/register",
  validateSearch: named("to", "keep", "invitation", "token"),
  component: lazyRouteComponent(() => import("@/features/account/register"), "Register"),
});
const classDoor = createRoute({
  getParentRoute: () => root,
  path: "/class",
  validateSearch: named("code"),
  component: lazyRouteComponent(() => import("@/features/class-door/class-door"), "ClassDoor"),
});

const letters = () => import("@/features/account/letters");
const forgot = createRoute({ getParentRoute: () => root, path: "/forgot-password", component: lazyRouteComponent(letters, "ForgotPassword") });
const reset = createRoute({ getParentRoute: () => root, path: "/reset-password", validateSearch: named("token"), component: lazyRouteComponent(letters, "ResetPassword") });
const verify = createRoute({ getParentRoute: () => root, path: "/verify-email", validateSearch: named("token"), component: lazyRouteComponent(letters, "VerifyEmail") });
const guardian = createRoute({ getParentRoute: () => root, path: "/guardian", validateSearch: named("token"), component: lazyRouteComponent(letters, "GuardianPage") });

const account = createRoute({ getParentRoute: () => root, path: "/account", component: lazyRouteComponent(() => import("@/features/account/account"), "Account") });
const accountPages = [
  createRoute({ getParentRoute: () => account, path: "/", component: lazyRouteComponent(() => import("@/features/account/profile"), "Profile") }),
  createRoute({ getParentRoute: () => account, path: "/security", component: lazyRouteComponent(() => import("@/features/account/security"), "Security") }),
  createRoute({ getParentRoute: () => account, path: "/devices", component: lazyRouteComponent(() => import("@/features/account/devices"), "Devices") }),
  createRoute({ getParentRoute: () => account, path: "/consent", component: lazyRouteComponent(() => import("@/features/account/consent"), "ConsentPage") }),
  createRoute({ getParentRoute: () => account, path: "/data", component: lazyRouteComponent(() => import("@/features/account/my-data"), "MyData") }),
] as const;

const models = () => import("@/features/models/models");
const schoolFrame = () => import("@/features/school/school");
const school = createRoute({ getParentRoute: () => root, path: "/school", component: lazyRouteComponent(schoolFrame, "School") });
const schoolPages = [
  createRoute({ getParentRoute: () => school, path: "/", component: lazyRouteComponent(schoolFrame, "SchoolStart") }),
  createRoute({ getParentRoute: () => school, path: "/people", component: lazyRouteComponent(() => import("@/features/school/people"), "People") }),
  createRoute({ getParentRoute: () => school, path: "/invitations", component: lazyRouteComponent(() => import("@/features/school/invitations"), "Invitations") }),
  createRoute({ getParentRoute: () => school, path: "/classes", component: lazyRouteComponent(() => import("@/features/school/classes"), "Classes") }),
  createRoute({ getParentRoute: () => school, path: "/classes/$id", component: lazyRouteComponent(() => import("@/features/school/class-page"), "ClassPage") }),
  createRoute({ getParentRoute: () => school, path: "/settings", component: lazyRouteComponent(() => import("@/features/school/settings"), "SchoolSettings") }),
  createRoute({ getParentRoute: () => school, path: "/sign-on", component: lazyRouteComponent(() => import("@/features/school/sign-on"), "SignOn") }),
  createRoute({ getParentRoute: () => school, path: "/models", component: lazyRouteComponent(models, "Models") }),
  createRoute({ getParentRoute: () => school, path: "/models/$page", component: lazyRouteComponent(models, "Models") }),
  createRoute({ getParentRoute: () => school, path: "/requests", component: lazyRouteComponent(() => import("@/features/school/requests"), "Requests") }),
  createRoute({ getParentRoute: () => school, path: "/retention", component: lazyRouteComponent(() => import("@/features/school/retention"), "Retention") }),
  createRoute({ getParentRoute: () => school, path: "/disclosures", component: lazyRouteComponent(() => import("@/features/school/disclosures"), "Disclosures") }),
  createRoute({ getParentRoute: () => school, path: "/audit", component: lazyRouteComponent(() => import("@/features/school/audit"), "Audit") }),
] as const;

const tree = root.addChildren([
  home, studio, signIn, signInDone, register, classDoor, forgot, reset, verify, guardian, account.addChildren(accountPages), school.addChildren(schoolPages),
]);

/** Search parameters stay the texts that they are: a code of digits is no number. */
const plainSearch = {
  parseSearch: (search: string) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search: Record<string, unknown>) => {
    const query = new URLSearchParams(Object.entries(search).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []))).toString();
    return query ? `?${query}` : "";
  },
};

export function createAppRouter() {
  return createRouter({ routeTree: tree, defaultPreload: "intent", scrollRestoration: true, ...plainSearch });
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
