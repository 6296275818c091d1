// What a calculator makes of a value. The calculators are in the app's second file: a sheet opens and is
// marked without them, and shows the points as soon as they are there.

let parts = null;

/** Resolves when the calculators are loaded; never fails. */
export const loaded = Promise.all([import("./calculators.js"), import("./fraction.js")])
  .then(([calculators, fraction]) => (parts = { ...calculators, ...fraction }), () => null);

/** The outcome of a calculation, or null while there is no calculator. */
export const computed = (calculation, raw) => parts && parts.computed(calculation, raw);

export const shownText = (points, decimals) => parts.shownText(points, decimals);
