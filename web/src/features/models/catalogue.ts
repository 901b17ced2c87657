// Searching and arranging the models; pure.
import type { Model, ModelCatalogue, Provider } from "@/api/types";

export type Row =
  | { kind: "provider"; key: string; provider: Provider; count: number }
  /** `index` counts the models alone, from 0. */
  | { kind: "model"; key: string; model: Model; index: number };

export interface Found {
  rows: Row[];
  models: Model[];
}

function words(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

function score({ name, id }: Model, wanted: readonly string[]): number {
  const [first = ""] = wanted;
  if (name.toLowerCase().startsWith(first)) return 0;
  return name.toLowerCase().includes(first) || id.toLowerCase().startsWith(first) ? 1 : 2;
}

/** A provider the list names only on its models. */
function unnamed(id: string): Provider {
  return { id, name: id, isLocal: false, isAvailable: true, error: null, refreshedAt: null };
}

/**
 * The models that hold every word of `query` in name, id or provider, under their providers: usable
 * ones first, then the best match, else the server's order. Without a query, providers in trouble
 * are listed even when they have no model.
 */
export function find({ items, providers }: ModelCatalogue, query: string): Found {
  const wanted = words(query);
  const known = new Map(providers.map((provider) => [provider.id, provider]));
  for (const { provider } of items) if (!known.has(provider)) known.set(provider, unnamed(provider));
  const rows: Row[] = [];
  const models: Model[] = [];
  for (const provider of known.values()) {
    const matching = items
      .filter((model) => model.provider === provider.id)
      .filter(({ name, id }) => {
        const text = `${name} ${id} ${provider.name}`.toLowerCase();
        return wanted.every((word) => text.includes(word));
      })
      .toSorted((a, b) => Number(b.isAvailable) - Number(a.isAvailable) || score(a, wanted) - score(b, wanted));
    const isListed = matching.length > 0 || (wanted.length === 0 && provider.error !== null);
    if (isListed) rows.push({ kind: "provider", key: `provider:${provider.id}`, provider, count: matching.length });
    for (const model of matching) {
      rows.push({ kind: "model", key: `${provider.id}:${model.id}`, model, index: models.length });
      models.push(model);
    }
  }
  return { rows, models };
}

/** The model of this id, if any provider offers it. */
export function modelById(catalogue: ModelCatalogue | undefined, id: string | null): Model | undefined {
  return id === null ? undefined : catalogue?.items.find((model) => model.id === id);
}
