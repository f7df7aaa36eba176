import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Problem } from "@/api/problem";
import { useSession } from "@/session/session";
import { createAppRouter } from "./router";

function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // A refusal will be the same the next time; only silence is worth asking again.
        retry: (failures, error) => failures < 2 && (!(error instanceof Problem) || error.status === 0),
      },
    },
  });
}

/** What was fetched belongs to whoever fetched it: somebody else who signs in, here or in another tab, begins with nothing. */
function useFetchedByOne(queries: QueryClient): void {
  useEffect(() => {
    let owner: string | undefined;
    const look = ({ phase, me }: { phase: string; me: { id: string } | undefined }, before?: { phase: string }) => {
      // A page that waits for an answer, or whose session ended, still shows what it had.
      if (phase === "starting" || phase === "ended") return;
      const now = phase === "member" ? (me?.id ?? "") : "visitor";
      if (owner !== undefined && owner !== now) void queries.resetQueries();
      else if (before?.phase === "ended") void queries.invalidateQueries();
      owner = now;
    };
    look(useSession.getState());
    return useSession.subscribe(look);
  }, [queries]);
}

export function App() {
  const [queries] = useState(createQueries);
  useFetchedByOne(queries);
  const [router] = useState(createAppRouter);
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
