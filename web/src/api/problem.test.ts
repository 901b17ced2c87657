import { describe, expect, it } from "vitest";
import { asProblem, Problem, problemFrom, unreachable } from "./problem";

describe("problemFrom", () => {
  it("reads problem+json with its field errors and Retry-After", async () => {
    const errors = [{ field: "email", code: "email_taken", detail: "taken" }];
    const body = { type: "about:blank", title: "Conflict", status: 409, detail: "There is an account.", code: "email_taken", requestId: "r1", errors };
    const response = Response.json(body, { status: 409, headers: { "retry-after": "3" } });
    expect(await problemFrom(response)).toMatchObject({
      status: 409,
      code: "email_taken",
      message: "There is an account.",
      requestId: "r1",
      errors,
      retryAfterMs: 3_000,
    });
  });

  it("makes a problem of a proxy's page", async () => {
    const problem = await problemFrom(new Response("<h1>Bad Gateway</h1>", { status: 502 }));
    expect(problem).toMatchObject({ status: 502, code: "unknown", errors: [] });
    expect(problem.isUnreachable).toBe(true);
  });

  it("drops field errors that are none", async () => {
    const problem = await problemFrom(Response.json({ code: "x", errors: ["no", { field: "a", code: "b" }] }, { status: 422 }));
    expect(problem.errors).toEqual([{ field: "a", code: "b" }]);
  });
});

describe("Problem", () => {
  it.each([
    [0, true],
    [429, true],
    [503, true],
    [404, false],
    [422, false],
  ])("with status %i is worth another try: %s", (status, isTransient) => {
    expect(new Problem({ status, code: "x", title: "x" }).isTransient).toBe(isTransient);
  });

  it("is unreachable without an answer, but not when the server itself says 503", () => {
    expect(unreachable(new TypeError("failed")).isUnreachable).toBe(true);
    expect(new Problem({ status: 503, code: "shutting_down", title: "x" }).isUnreachable).toBe(false);
  });

  it("wraps what is thrown elsewhere and keeps itself", () => {
    const problem = new Problem({ status: 404, code: "chat_not_found", title: "x" });
    expect(asProblem(problem)).toBe(problem);
    expect(asProblem(new Error("boom"))).toMatchObject({ code: "page_failed", message: "boom", isTransient: false });
  });
});
