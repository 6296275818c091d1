// A control that few aspects have: it is in the app's second file, and stands in its place when it is loaded.

import { element } from "../../shared/dom.js";
import { t } from "../../words.js";

/** `load()` answers the control; what it answers is a control like any other. */
export const late = (load) => (context) => {
  const node = element("div.late");
  const state = { control: null, mark: null };
  load().then((control) => {
    state.control = control(context);
    node.replaceChildren(state.control.node, state.control.aside ?? "");
    state.control.update(state.mark);
  }).catch(() => node.replaceChildren(t("This part is not on the tablet yet. Connect once, then it works without a network too.")));
  return {
    node,
    update(mark) {
      state.mark = mark;
      state.control?.update(mark);
    },
  };
};
