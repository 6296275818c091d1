// Signing: everything is read back, doubts first, under the code in large figures. It is confirmed by a
// second tap at another place, or by the judge's PIN while a scribe taps.

import { button, element } from "../shared/dom.js";
import { pick, t } from "../words.js";
import { dialog } from "./dialogs.js";
import { detailWords, markWords, outOf } from "./reading.js";

/** helpers: {tell, toast, confirmPin, people, go(part, work)} */
export async function sign(session, helpers) {
  const { part, work } = session;
  const heard = JSON.stringify(session.marks());
  const how = await readBack(session, helpers);
  if (!how) return;
  const needed = session.needsCountersign(work);
  const countersign = needed ? await (await import("./correcting.js")).countersigned(session, helpers, work) : null;
  if (needed && !countersign) return;
  if (session.work !== work || JSON.stringify(session.marks()) !== heard) {
    helpers.tell(t("Sheet {code} is not signed: it changed while it was read back. Look at it again.", { code: work.code }), true);
    return;
  }
  await session.sign({ ...how, countersign });
  const next = session.next(work);
  const words = t("Sheet {code} is signed.", { code: work.code });
  if (!next) {
    helpers.patch?.();
    return helpers.tell(`${words} ${t("No sheet is left to mark here.")}`, true);
  }
  await helpers.go(part, next);
  helpers.tell(`${words} ${t("Now {code}.", { code: next.code })}`, true);
}

async function readBack(session, helpers) {
  const judge = session.account;
  const scribe = scribes(session, helpers.people);
  const pin = helpers.people.some((each) => each.account === judge && each.pin);
  const how = await dialog(title(session), [...summary(session), who(scribe, pin),
    element("p.small", {}, t("A signed sheet changes only by a signed correction."))],
  [["quiet", t("Back"), null]], { className: ".signing", ready: (finish, box) => place(finish, box, scribe, pin) });
  if (!how) return null;
  if (how === "taps") return { confirmed: "taps", scribe: "" };
  const why = t("Sign sheet {code}", { code: session.work.code });
  if (!(await helpers.confirmPin(judge, why))) return null;
  return { confirmed: "pin", scribe: scribe.value };
}

const title = ({ work, part }) => element("h2", {},
  element("span.small", {}, t("Sign sheet")), " ", element("b.code", {}, work.code), " ",
  element("span.small", {}, [pick(part.module.title), work.round > 1 ? t("Round {n}", { n: work.round }) : ""].filter(Boolean).join(" · ")));

/** The confirming buttons stand at the start of the row: away from where "Sign" was tapped. */
function place(finish, box, scribe, pin) {
  const taps = button("main.confirm", { onclick: () => finish("taps") }, t("Sign now"));
  const code = button("main.confirm.by-pin", { hidden: !pin, onclick: () => finish("pin") }, t("Confirm by PIN"));
  box.querySelector(".answers").prepend(taps, code);
  scribe.addEventListener("change", () => {
    taps.hidden = scribe.value !== "";
    code.classList.toggle("only", scribe.value !== "");
  });
}

/** Who taps while the judge listens; nobody by default. */
function scribes(session, people) {
  const others = people.filter((each) => each.account !== session.account && each.here !== false);
  return element("select", { id: "scribe" },
    element("option", { value: "" }, t("the judge")),
    others.map((each) => element("option", { value: each.account }, each.label)));
}

function who(scribe, pin) {
  if (!pin || scribe.options.length < 2) return "";
  return element("p.who", {}, element("label", { for: "scribe" }, t("Tapped by")), " ", scribe);
}

/** Every mark in words. Exported for the paper that is read aloud and for tests. */
export function summary(session) {
  const marks = session.marks();
  const before = session.history(session.work).at(-1)?.marks ?? {};
  const aspects = session.aspects();
  const doubtful = aspects.filter((each) => session.about(each.id)?.unsure);
  const sure = aspects.filter((each) => !doubtful.includes(each));
  const row = (aspect) => line(session, aspect, marks[aspect.id], before[aspect.id]);
  return [
    doubtful.length ? [element("h3.doubt", {}, `? ${t("Unsure")}`), lines(doubtful.map(row))] : "",
    sure.length ? [doubtful.length ? element("h3", {}, t("The other aspects")) : "", lines(sure.map(row))] : "",
  ].flat().filter(Boolean);
}

const lines = (rows) => element("table.summary", {}, element("tbody", {}, rows));

function line(session, aspect, mark, before) {
  const { photos = [], file = "" } = session.about(aspect.id) ?? {};
  const was = before && markWords(aspect, before) !== markWords(aspect, mark)
    ? t("was {value}", { value: markWords(aspect, before) }) : "";
  const beside = [
    detailWords(aspect, mark), was, mark?.note ? `${t("Note")}: ${mark.note}` : "",
    photos.length ? t("Photos: {n}", { n: photos.length }) : "", file ? t("With a file") : "",
  ].filter(Boolean);
  return element("tr", {},
    element("th", { scope: "row" }, element("b", {}, aspect.id), " ", pick(aspect.title)),
    element("td", {}, element("b", {}, markWords(aspect, mark)), " ", element("span.of", {}, mark?.outcome || !mark ? "" : outOf(aspect)),
      beside.map((words) => element("small", {}, words))));
}

