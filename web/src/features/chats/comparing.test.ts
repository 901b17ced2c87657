import { expect, it } from "vitest";
import { asked, toggled, withModel, withoutModel } from "./comparing";

it("begins with the model at hand and ends without a trace", () => {
  expect(toggled(null, "a")).toEqual({ compared: ["a"], isBlind: false });
  expect(toggled(null, null)).toEqual({ compared: [], isBlind: false });
  expect(toggled(["a", "b"], "a")).toEqual({ compared: null, isBlind: false });
});

it("takes each model once, four at the most", () => {
  expect(withModel(["a"], "a")).toEqual(["a"]);
  expect(withModel(["a", "b", "c"], "d")).toEqual(["a", "b", "c", "d"]);
  expect(withModel(["a", "b", "c", "d"], "e")).toEqual(["a", "b", "c", "d"]);
  expect(withoutModel(["a", "b"], "a")).toEqual(["b"]);
});

it("asks several models only when there are several, blind only two", () => {
  expect(asked({ compared: null, isBlind: false }, "a")).toEqual({ model: "a" });
  expect(asked({ compared: ["b"], isBlind: true }, "a")).toEqual({ model: "a" });
  expect(asked({ compared: ["b", "c"], isBlind: true }, "a")).toEqual({ model: "b", models: ["b", "c"], blind: true });
  expect(asked({ compared: ["b", "c", "d"], isBlind: true }, "a")).toEqual({ model: "b", models: ["b", "c", "d"] });
});
