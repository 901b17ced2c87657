// What the page has promised itself. `most` is a limit from above, `least` one from below.

interface Limit {
  most?: number;
  least?: number;
}

export interface Goal {
  name: string;
  unit: string;
  goal: Limit;
  stretch: Limit;
  /** Does not depend on the machine: passing it fails here, and in `make test`. */
  isGate?: boolean;
}

const goals = {
  entry: { name: "entry and shell, JS", unit: "KB gz", goal: { most: 240 }, stretch: { most: 190 }, isGate: true },
  css: { name: "css", unit: "KB gz", goal: { most: 60 }, stretch: { most: 35 }, isGate: true },
  route: { name: "largest route of its own, JS", unit: "KB gz", goal: { most: 240 }, stretch: { most: 150 }, isGate: true },
  chatRoute: { name: "chat route of its own, JS", unit: "KB gz", goal: { most: 40 }, stretch: { most: 40 }, isGate: true },
  dist: { name: "whole dist", unit: "KB gz", goal: { most: 5_120 }, stretch: { most: 3_072 }, isGate: true },
  lcp: { name: "largest paint, cold", unit: "ms", goal: { most: 600 }, stretch: { most: 300 } },
  slowLcp: { name: "largest paint, cold, CPU 4x slower", unit: "ms", goal: { most: 1_200 }, stretch: { most: 800 } },
  streamFps: { name: "200 tokens/s with ten blocks of code", unit: "fps", goal: { least: 55 }, stretch: { least: 59 } },
  streamTasks: { name: "— tasks over 100 ms", unit: "", goal: { most: 0 }, stretch: { most: 0 } },
  streamShortTasks: { name: "— tasks over 50 ms", unit: "", goal: { most: 10 }, stretch: { most: 0 } },
  floodFps: { name: "1,000 tokens/s", unit: "fps", goal: { least: 40 }, stretch: { least: 55 } },
  open2: { name: "2,000 messages: open", unit: "ms", goal: { most: 800 }, stretch: { most: 400 } },
  scroll2: { name: "2,000 messages: scroll by wheel", unit: "fps", goal: { least: 55 }, stretch: { least: 59 } },
  nodes2: { name: "2,000 messages: elements of the thread", unit: "", goal: { most: 400 }, stretch: { most: 160 }, isGate: true },
  open10: { name: "10,000 messages: open", unit: "ms", goal: { most: 800 }, stretch: { most: 500 } },
  scroll10: { name: "10,000 messages: scroll by wheel", unit: "fps", goal: { least: 55 }, stretch: { least: 59 } },
  nodes10: { name: "10,000 messages: elements of the thread", unit: "", goal: { most: 400 }, stretch: { most: 160 }, isGate: true },
  key: { name: "key to paint, 2,000 messages held, p95", unit: "ms", goal: { most: 50 }, stretch: { most: 20 } },
  paste: { name: "paste of 20,000 lines", unit: "ms", goal: { most: 300 }, stretch: { most: 100 } },
  build: { name: "npm ci, types and build", unit: "s", goal: { most: 120 }, stretch: { most: 60 } },
} as const satisfies Record<string, Goal>;

export type GoalName = keyof typeof goals;

export function goalOf(name: GoalName): Goal {
  return goals[name];
}

/** Timings fail only this far from the goal: they are the machine's as much as ours. */
const slack = 3;

function holds({ most, least }: Limit, value: number, times = 1): boolean {
  return (most === undefined || value <= most * times) && (least === undefined || value >= least / times);
}

export type Verdict = "stretch" | "goal" | "missed" | "failed";

export function verdict({ goal, stretch, isGate }: Goal, value: number): Verdict {
  if (holds(stretch, value)) return "stretch";
  if (holds(goal, value)) return "goal";
  // Three times nothing is nothing: a count of none fails nobody.
  const isFailed = isGate || (goal.most !== 0 && !holds(goal, value, slack));
  return isFailed ? "failed" : "missed";
}

export function limitText({ most, least }: Limit): string {
  return most === undefined ? `≥ ${least}` : `≤ ${most}`;
}
