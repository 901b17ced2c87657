import { useQuery } from "@tanstack/react-query";
import { modelById } from "@/features/models/catalogue";
import { modelsQuery } from "@/features/models/queries";

/** The name people know the model by; its id while the models are unknown. */
export function useModelName(id: string | null): string | null {
  const { data } = useQuery({ ...modelsQuery, select: (catalogue) => modelById(catalogue, id)?.name });
  return data ?? id;
}
