// Which control an aspect gets: the pack says it, no plugin brings JavaScript.

import { defects } from "./defects.js";
import { grid } from "./grid.js";
import { late } from "./late.js";
import { choice, count, levels, pass } from "./simple.js";
import { timeofday } from "./timeofday.js";
import { typed } from "./typed.js";

const CONTROLS = {
  levels, grid, count, choice, pass, defects,
  stopwatch: late(async () => (await import("./stopwatch.js")).stopwatch),
  file: late(async () => (await import("./file.js")).file),
  clock: timeofday, number: typed, given: typed,
};

/** context: {aspect, session, give(mark), mark(), about(), setAbout(facts), tell(words), now()} ->
 * {node, aside?, update(mark)} */
export const control = (context) => (CONTROLS[context.aspect.widget] ?? typed)(context);
