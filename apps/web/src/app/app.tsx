import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { Problem } from "@/api/problem";
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

export function App() {
  const [queries] = useState(createQueries);
  const [router] = useState(createAppRouter);
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
