// The outcome of the last check of this tablet, for the pulse.

import * as store from "./store.js";

let result = { fit: true, unfit: [] };

export const current = () => result;

export function keep({ fit, unfit }) {
  result = { fit, unfit };
  return store.saveMeta("fitness", result);
}

/** After a restart. */
export async function recall() {
  result = (await store.meta("fitness")) ?? result;
}
