// One tab at a time: two would show each other's queue wrongly and sign in each other's way.

const NAME = "jiangxin-judging-tab";
const CHANNEL = "jiangxin-judging";

/** Resolves to true when this tab is the one. `lost()` is called when another tab takes over. */
export function hold(lost, { steal = false } = {}) {
  return navigator.locks ? byLock(lost, steal) : byChannel(lost, steal);
}

function byLock(lost, steal) {
  return new Promise((resolve) => {
    const options = steal ? { steal: true } : { ifAvailable: true };
    navigator.locks.request(NAME, options, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    }).catch(lost);
  });
}

/** Browsers without Web Locks (Safari before 15.4): ask aloud whether anybody else is there. */
function byChannel(lost, steal) {
  const channel = new BroadcastChannel(CHANNEL);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      channel.onmessage = ({ data }) => {
        if (data === "anybody?") channel.postMessage("here");
        if (data === "mine") lost();
      };
      resolve(true);
    }, steal ? 0 : 300);
    channel.onmessage = ({ data }) => {
      if (data !== "here") return;
      clearTimeout(timer);
      channel.close();
      resolve(false);
    };
    channel.postMessage(steal ? "mine" : "anybody?");
  });
}
