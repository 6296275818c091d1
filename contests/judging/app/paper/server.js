// Requests of the typing page, in the name of who is logged in.

import { current } from "../words.js";

const PATIENCE = 15_000;

export class Refused extends Error {
  constructor(problem, status) {
    const findings = (problem.findings ?? []).map((each) => each.detail).filter(Boolean);
    super([...new Set(findings)].join(" ") || problem.detail || problem.title || String(status));
    this.status = status;
  }
}

export const server = (contest, csrf) => {
  const root = `/api/v1/judging/paper/${contest}`;
  const ask = async (path, method = "GET", content = undefined, kind = "application/json") => {
    const reply = await fetch(`${root}${path}`, {
      method, redirect: "error", signal: AbortSignal.timeout(PATIENCE), cache: "no-store",
      headers: { Accept: "application/json", "Accept-Language": current(), "X-CSRF-Token": csrf,
        ...(content === undefined ? {} : { "Content-Type": kind }) },
      body: content,
    });
    const json = reply.headers.get("Content-Type")?.includes("json") ? await reply.json() : {};
    if (!reply.ok) throw new Refused(json, reply.status);
    return json;
  };
  return {
    list: () => ask("/sheets"),
    sheet: (id) => ask(`/sheets/${id}`),
    type: (id, marks, scan) => ask(`/sheets/${id}/typing`, "PUT", JSON.stringify({ marks, scan })),
    upload: (file) => ask("/scans", "POST", file, file.type || "application/octet-stream"),
    scan: (sha256) => `${root}/scans/${sha256}`,
  };
};
