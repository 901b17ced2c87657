// Prints every measure beside its goal, with the load of the machine at that moment.
import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";
import { goalOf, type GoalName, limitText, type Verdict, verdict } from "./goals";

export interface Measure {
  goal: GoalName;
  /** What it was measured on, such as a page; empty when the goal says it. */
  on: string;
  value: number;
  load: number;
}

const signs: Record<Verdict, string> = { stretch: "stretch met", goal: "goal met", missed: "goal missed", failed: "FAILED" };

const notes = `
Gates, in \`make test\` too: sizes of the build, elements of a long thread, axe on every page in every
theme, language and size, and strings missing in a language. Everything in ms, s and fps is printed for
people to read beside the load (1.0 is one core busy), and fails only at three times the goal.`;

function shown(value: number): string {
  if (value >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return value.toFixed(1);
}

function line({ goal, on, value, load }: Measure): string {
  const { name, unit, goal: wanted, stretch, ...rest } = goalOf(goal);
  const found = verdict({ name, unit, goal: wanted, stretch, ...rest }, value);
  const what = on === "" ? name : `${name}: ${on}`;
  const measured = `${shown(value)} ${unit}`.trim();
  return [what.padEnd(52), measured.padStart(11), limitText(wanted).padStart(8), limitText(stretch).padStart(8), load.toFixed(1).padStart(6), `  ${signs[found]}`].join(" ");
}

/** One line per measure as it comes, under one heading. */
export default class PerfReport implements Reporter {
  private readonly failures: string[] = [];

  printsToStdio(): boolean {
    return true;
  }

  onBegin(): void {
    this.say(`${"the page".padEnd(52)} ${"measured".padStart(11)} ${"goal".padStart(8)} ${"stretch".padStart(8)} ${"load".padStart(6)}`);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    for (const { type, description } of result.annotations) {
      if (type === "measure" && description) this.say(line(JSON.parse(description) as Measure));
      if (type === "left out" && description) this.say(`${test.title}: ${description}`);
    }
    for (const error of result.errors) this.failures.push(`${test.title}: ${error.message ?? error.value ?? "failed"}`);
  }

  onError(error: { message?: string }): void {
    this.failures.push(error.message ?? "failed");
  }

  onEnd({ status }: FullResult): void {
    this.say(notes);
    for (const failure of this.failures) this.say(`\n${failure}`);
    if (status !== "passed") this.say(`\nthe page: ${status}`);
  }

  private say(text: string): void {
    process.stdout.write(`${text}\n`);
  }
}
