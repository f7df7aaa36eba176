import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { mashupQuery } from "@/api/queries";

export function Studio() {
  const { id } = useParams({ from: "/studio/$id" });
  const { data } = useQuery(mashupQuery(id));
  return <h1 className="px-8 text-5xl">{data?.title}</h1>;
}
