import { describe, expect, it } from "vitest";
import type { Model, ModelCatalogue, Provider } from "@/api/types";
import { find, modelById } from "./catalogue";
import { contextLabel, moneyLabel } from "./format";

function model(id: string, by: string, change: Partial<Model> = {}): Model {
  return {
    id,
    name: id.toUpperCase(),
    provider: by,
    contextLength: 8192,
    promptPriceMicrousdPerMtok: 0,
    completionPriceMicrousdPerMtok: 0,
    modalities: ["text"],
    isLocal: false,
    isAvailable: true,
    ...change,
  };
}

function provider(id: string, change: Partial<Provider> = {}): Provider {
  return { id, name: id, isLocal: false, isAvailable: true, error: null, refreshedAt: null, ...change };
}

const catalogue: ModelCatalogue = {
  items: [
    model("old-haiku", "router", { isAvailable: false }),
    model("fast-sonnet", "router"),
    model("sonnet", "router"),
    model("tiny", "local", { isLocal: true }),
    model("stray", "unlisted"),
  ],
  providers: [provider("local", { name: "Built in" }), provider("router", { name: "OpenRouter" }), provider("down", { error: "refused" })],
  defaultModel: "tiny",
};

const shown = (query: string) => find(catalogue, query).rows.map((row) => (row.kind === "provider" ? `[${row.provider.name}]` : row.model.id));

describe("find", () => {
  it("lists providers in order, usable models first, and providers in trouble", () => {
    expect(shown("")).toEqual(["[Built in]", "tiny", "[OpenRouter]", "fast-sonnet", "sonnet", "old-haiku", "[down]", "[unlisted]", "stray"]);
  });

  it("needs every word, in name, id or provider, best match first", () => {
    expect(shown("sonnet")).toEqual(["[OpenRouter]", "sonnet", "fast-sonnet"]);
    expect(shown("openrouter FAST")).toEqual(["[OpenRouter]", "fast-sonnet"]);
    expect(shown("nothing like it")).toEqual([]);
  });

  it("numbers the models alone", () => {
    const { rows, models } = find(catalogue, "");
    const indexes = rows.flatMap((row) => (row.kind === "model" ? [row.index] : []));
    expect(indexes).toEqual(models.map((_, index) => index));
  });

  it("finds among thousands at once", () => {
    const many = { ...catalogue, items: Array.from({ length: 5_000 }, (_, index) => model(`m-${index}`, "router")) };
    const started = performance.now();
    expect(find(many, "m-4999").models).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

it("knows a model by id", () => {
  expect(modelById(catalogue, "tiny")?.isLocal).toBe(true);
  expect(modelById(catalogue, "gone")).toBeUndefined();
  expect(modelById(undefined, "tiny")).toBeUndefined();
});

it("writes context lengths as makers do", () => {
  expect([2048, 8192, 128_000, 131_072, 200_000, 1_000_000, 1_048_576, 1_500_000].map(contextLabel)).toEqual([
    "2K",
    "8K",
    "128K",
    "128K",
    "200K",
    "1M",
    "1M",
    "1.5M",
  ]);
});

it("writes money with the digits it needs", () => {
  expect([0, 150_000, 15_000_000, 75_000, 2_500, 12, 1].map(moneyLabel)).toEqual([
    "$0.00",
    "$0.15",
    "$15.00",
    "$0.075",
    "$0.0025",
    "$0.000012",
    "$0.000001",
  ]);
});
