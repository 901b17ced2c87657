// What is asked of the browser while something goes on.
import type { Page } from "@playwright/test";

const quietMs = 800;

export interface Frames {
  fps: number;
  /** Milliseconds of every task longer than 50. */
  tasks: number[];
  /** The most elements the thread had. */
  elements: number;
}

interface Watch {
  stop: () => Frames;
}

declare global {
  interface Window {
    watch?: Watch;
    largest?: number;
    keys?: number[];
  }
}

/** Frames, long tasks and the size of the thread while `act` goes on. */
export async function framesDuring(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    const begun = performance.now();
    let [frames, elements, isOver] = [0, 0, false];
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ type: "longtask" });
    const tick = () => {
      frames += 1;
      if (frames % 15 === 0) elements = Math.max(elements, document.querySelectorAll("[role=log] *").length);
      if (!isOver) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    window.watch = {
      stop: () => {
        isOver = true;
        observer.disconnect();
        return { fps: (frames * 1_000) / (performance.now() - begun), tasks, elements };
      },
    };
  });
  await act();
  return page.evaluate(() => window.watch?.stop() ?? { fps: 0, tasks: [], elements: 0 });
}

interface Wanted {
  /** What triggers it: the time counts from its own time stamp. */
  event: "click" | "keydown";
  selector: string;
  text?: string;
  /** At least so many of them. */
  count?: number;
}

/** Milliseconds from an event that `act` makes to the paint of what is wanted. */
export async function paintAfter(page: Page, wanted: Wanted, act: () => Promise<void>): Promise<number> {
  const taken = page.evaluate(({ event, selector, text = "", count = 1 }) => {
    let begun = 0;
    addEventListener(event, ({ timeStamp }) => (begun ||= timeStamp), { capture: true });
    return new Promise<number>((done) => {
      const look = () => {
        const found = [...document.querySelectorAll(selector)].filter((element) => element.textContent.includes(text));
        // A task queued in a frame runs once the frame is painted.
        if (begun > 0 && found.length >= count) setTimeout(() => done(performance.now() - begun));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  }, wanted);
  await act();
  return taken;
}

/** From now on every key press is timed until it is painted; `keyTimes` gives them. */
export async function timeKeys(page: Page): Promise<void> {
  await page.evaluate(() => {
    const keys: number[] = [];
    window.keys = keys;
    const painted = ({ timeStamp }: KeyboardEvent) => requestAnimationFrame(() => setTimeout(() => keys.push(performance.now() - timeStamp)));
    addEventListener("keydown", painted, { capture: true });
  });
}

export async function keyTimes(page: Page): Promise<number[]> {
  return page.evaluate(() => window.keys ?? []);
}

/** To be called before the page is opened; `largestPaint` reads it. */
export async function watchLargestPaint(page: Page): Promise<void> {
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      window.largest = list.getEntries().at(-1)?.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
  });
}

/** The time of the largest paint, once no larger one has come for a while. */
export async function largestPaint(page: Page): Promise<number> {
  const read = () => page.evaluate(() => window.largest ?? 0);
  for (let last = -1, now = await read(); last !== now || now === 0; now = await read()) {
    last = now;
    await page.waitForTimeout(quietMs);
  }
  return read();
}
