// What stamps add up to, as the server reckons: in the order of their instants, taken back ones left out.

/** Stamps of one attempt, newest last, those of the server and those that only this device has. */
export function attemptOf(serverStamps, ownRows) {
  const cancelled = new Set(serverStamps.filter((each) => each.cancelled).map((each) => each.id));
  for (const row of ownRows) if (row.stamp === "cancel" && row.answer !== "refused") cancelled.add(row.cancels);
  const known = new Map(serverStamps.map((each) => [each.id, { ...each, sent: true }]));
  for (const row of ownRows) {
    if (row.stamp === "cancel" || row.answer === "refused" || known.has(row.id)) continue;
    known.set(row.id, {
      id: row.id, kind: row.kind === "interruption" ? "compensation" : row.stamp, at: row.at, seconds: row.seconds ?? 0,
      acknowledged: row.acknowledged ?? false, cancelled: false, sent: row.answer === "sent",
    });
  }
  return [...known.values()].map((each) => ({ ...each, cancelled: cancelled.has(each.id) }));
}

/** {state: ready|running|paused|stopped, gross, net, compensation} in milliseconds at the instant `now`. */
export function clockOf(stamps, now) {
  const standing = stamps.filter((each) => !each.cancelled);
  const own = standing.filter((each) => each.kind !== "compensation").sort((a, b) => a.at.localeCompare(b.at));
  const clock = { started: 0, paused: 0, stopped: 0, pauses: 0 };
  for (const { kind, at } of own) {
    const time = Date.parse(at);
    if (kind === "start") Object.assign(clock, { started: time, paused: 0, stopped: 0 });
    if (kind === "pause") clock.paused = time;
    if (kind === "stop") clock.stopped = time;
    if ((kind === "resume" || kind === "stop") && clock.paused) {
      clock.pauses += time - clock.paused;
      clock.paused = 0;
    }
  }
  const given = standing.filter((each) => each.kind === "compensation").reduce((sum, each) => sum + each.seconds * 1000, 0);
  const state = !clock.started ? "ready" : clock.stopped ? "stopped" : clock.paused ? "paused" : "running";
  const end = clock.stopped || Math.max(now, clock.started);
  const gross = clock.started ? end - clock.started : 0;
  const compensation = clock.pauses + (clock.paused ? Math.max(0, end - clock.paused) : 0) + given;
  return { state, gross, compensation, given, net: Math.max(0, gross - compensation) };
}

/** 4505000 -> "1:15:05"; a second that has begun is not counted. */
export function timeText(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}
