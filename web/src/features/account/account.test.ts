import { describe, expect, it } from "vitest";
import { deviceOf } from "./device";
import { safeNext } from "./next";
import { strengthOf } from "./parts/PasswordStrength";
import { newPasswordRule, profileSchema, registerSchema } from "./schemas";

const firstMessage = (result: { success: boolean; error?: { issues: { message: string }[] } }) =>
  result.success ? "ok" : result.error?.issues[0]?.message;

describe("safeNext", () => {
  it.each([
    ["/chat/1?x=2#y", "/chat/1?x=2#y"],
    ["/", "/"],
    ["//evil.example/x", undefined],
    ["/\\evil.example", undefined],
    ["/\t/evil.example", undefined],
    ["https://evil.example", undefined],
    ["javascript:alert(1)", undefined],
    [undefined, undefined],
    [7, undefined],
  ])("of %j is %j", (value, expected) => {
    expect(safeNext(value)).toBe(expected);
  });
});

describe("a new password", () => {
  it.each([
    ["", "password_required"],
    ["1234567", "too_short"],
    ["12345678", "ok"],
    ["नमस्ते दुनिया", "ok"],
    ["e\u0301".repeat(7), "too_short"],
    ["x".repeat(1024), "ok"],
    ["x".repeat(1025), "too_long"],
    ["é".repeat(513), "too_long"],
  ])("%j is %s", (password, expected) => {
    expect(firstMessage(newPasswordRule.safeParse(password))).toBe(expected);
  });

  it("is judged by its length", () => {
    expect(["1234567", "12345678", "correct horse battery"].map(strengthOf)).toEqual(["short", "fair", "good"]);
  });
});

describe("the account forms", () => {
  it("trim name and e-mail", () => {
    expect(registerSchema.parse({ name: " Ada ", email: " ada@example.org ", password: "12345678" })).toMatchObject({
      name: "Ada",
      email: "ada@example.org",
    });
  });

  it("ask for the password only when the e-mail changes", () => {
    const schema = profileSchema("ada@example.org");
    expect(schema.safeParse({ name: "A", email: "ada@example.org", currentPassword: "" }).success).toBe(true);
    expect(firstMessage(schema.safeParse({ name: "A", email: "new@example.org", currentPassword: "" }))).toBe("password_required");
    expect(schema.safeParse({ name: "A", email: "new@example.org", currentPassword: "x" }).success).toBe(true);
  });
});

describe("deviceOf", () => {
  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", { browser: "Firefox", system: "Linux" }],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0", { browser: "Edge", system: "Windows" }],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1", { browser: "Safari", system: "iPhone" }],
    ["curl/8.9.1", { program: "curl" }],
    [null, {}],
  ])("of %s", (userAgent, expected) => {
    expect(deviceOf(userAgent)).toEqual(expected);
  });
});
