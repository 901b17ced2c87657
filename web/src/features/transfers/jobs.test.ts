import { expect, it } from "vitest";
import type { Job } from "@/api/types";
import { archiveOf, importedBy, isLive, latestOf, putJob } from "./jobs";

const job = (id: string, change: Partial<Job> = {}): Job => ({
  id,
  kind: "import",
  status: "running",
  progress: { done: 1, total: 4, note: null },
  result: null,
  error: null,
  createdAt: `2026-11-27T10:00:0${id}Z`,
  updatedAt: `2026-11-27T10:00:0${id}Z`,
  ...change,
});

it("shows the newest job of its kind, whatever the order they came in", () => {
  const jobs = [job("1"), job("3", { kind: "account_export" }), job("2")];
  expect([latestOf(jobs, "import")?.id, latestOf(jobs, "account_export")?.id]).toEqual(["2", "3"]);
  expect(latestOf([], "import")).toBeUndefined();
});

it("takes in news of a job, and none that come late", () => {
  const done = job("1", { status: "done", updatedAt: "2026-11-27T10:01:00Z" });
  expect(putJob([job("1"), job("2")], done).map(({ id, status }) => `${id} ${status}`)).toEqual(["1 done", "2 running"]);
  expect(putJob([done], job("1"))).toEqual([done]);
});

it("reads a result only from a job that is done and has one", () => {
  expect(archiveOf(job("1", { status: "done", result: { file: "f" } }))).toBe("f");
  expect([archiveOf(job("1", { result: { file: "f" } })), archiveOf(job("1", { status: "done" }))]).toEqual([null, null]);
  const result = { source: "claude", chats: 2, messages: 9, existing: 0, leftOut: [], leftOutCount: 0 };
  expect(importedBy(job("1", { status: "done", result }))).toEqual(result);
  expect(importedBy(job("1", { status: "failed", result: null }))).toBeNull();
  expect([isLive(job("1", { status: "queued" })), isLive(job("1", { status: "cancelled" }))]).toEqual([true, false]);
});
