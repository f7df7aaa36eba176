import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Problem } from "@/api/problem";
import { workMoving } from "@/session/moving";
import { everybodys } from "@/api/everybodys";
import { useSession } from "@/session/session";
import { createAppRouter } from "./router";

const notYetHere = (error: unknown) => error instanceof Problem && error.status === 404 && workMoving();

function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // A refusal will be the same the next time; only silence is worth asking again, and work that is on its way.
        retry: (failures, error) => (notYetHere(error) ? failures < 30 : failures < 2 && (!(error instanceof Problem) || error.status === 0)),
        retryDelay: (failures, error) => (notYetHere(error) ? 300 : Math.min(1000 * 2 ** failures, 30_000)),
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
      if (owner !== undefined && owner !== now) {
        void queries.resetQueries({ predicate: (query) => query.meta !== everybodys });
        // A shelf that was looked at too soon may lack what is still on its way.
        if (workMoving()) for (const wait of [1500, 5000]) setTimeout(() => void queries.invalidateQueries({ queryKey: ["mashups"] }), wait);
      }
      if (owner === now && before?.phase === "ended") void queries.invalidateQueries();
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
