// Whether this device's clock can be right. It is never behind what was signed by somebody else's clock, nor behind
// itself: a clock that was set back would make an expired certificate valid and an old list new.

const LEEWAY = 5 * 60_000;

export const behind = (now, latest) => now < latest - LEEWAY;

/** The latest moment that is certain. `signed`: when what is at hand was signed. `agreed`: the server's clock
 * was read just now and says the same, so that a clock once ahead is forgiven. */
export const latestOf = (now, latest, signed, agreed) => Math.max(...signed, agreed ? now : Math.max(now, latest));

/** Milliseconds by which this device is ahead of the server; 0 within five minutes, or when it did not say. */
export function drift(now, date) {
  const ahead = date ? now - Date.parse(date) : 0;
  return Math.abs(ahead) > LEEWAY ? ahead : 0;
}
