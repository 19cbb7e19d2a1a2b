// The pages of a grid worker's round, which work without a network: see docs/adr/0039. Each part stands in its own file.
import { all } from "./dom.js";
import { queue } from "./queue.js";
import { roundForm } from "./roundform.js";
import { abandoned, marked } from "./store.js";

const page = document.getElementById("patrol");
if (page && window.indexedDB) {
  const account = page.dataset.account;
  const words = JSON.parse(page.dataset.words);
  for (const form of all("form[data-queue]")) roundForm(form, account, words);
  abandoned(account)
    .catch(() => {}) // a browser that keeps nothing has nothing to take away
    .then(() => queue(account, words));
  keep(account);
}

// keep lets the service worker keep the pages that are needed out of reach. Browsers give one to secure addresses alone; elsewhere the queue works as long as
// the page stays open.
async function keep(account) {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register("/m/sw.js", { scope: "/m/patrol", updateViaCache: "none" });
    const at = await navigator.serviceWorker.ready;
    marked();
    at.active.postMessage({ keep: account });
  } catch {
    // out of reach: what is kept stays
  }
}
