// Whose sheet this is, in large figures, and how it stands.

import { button, element, say } from "../shared/dom.js";
import { pick, t } from "../words.js";
import { correctable, lockedWords, stateSentence } from "./states.js";

export function head(session, actions) {
  const code = element("b.code");
  const module = element("span.module-name");
  const trial = element("span.trial", { hidden: true });
  const heading = element("h2", { tabindex: "-1" }, code, " ", trial, " ", module);
  const icon = element("span.icon", { "aria-hidden": "true" });
  const words = element("span");
  const state = element("p.state-line", {}, icon, " ", words);
  const notice = element("p.notice", { hidden: true });
  const ask = button("quiet.ask", { hidden: true, onclick: () => actions.correct() }, "");
  return {
    node: element("div.head", {}, heading, state, notice, ask),
    focus: () => heading.focus({ preventScroll: true }),
    patch() {
      const { work, part } = session;
      say(code, work?.code ?? "");
      say(module, part ? pick(part.module.title) : "");
      say(trial, t("Trial"));
      trial.hidden = !work?.trial;
      state.hidden = !work;
      if (!work) return;
      const how = stateSentence(session, work);
      state.dataset.tone = how.tone;
      say(icon, how.icon);
      say(words, how.text);
      const why = session.locked(work);
      const text = lockedWords(why) || roundWords(work);
      say(notice, text);
      notice.hidden = !text;
      ask.hidden = !correctable(why);
      say(ask, t("Ask for a correction"));
    },
  };
}

const roundWords = (work) => (work.round > 1 ? t("Round {n}", { n: work.round }) : "");
