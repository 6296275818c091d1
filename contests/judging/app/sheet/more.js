// What can be said of an aspect beside its value: unsure, a note, photos, or that there is nothing to mark.

import { button, element, say } from "../shared/dom.js";
import { t } from "../words.js";
import { dialog } from "./dialogs.js";
import { named, titleOf } from "./naming.js";
import { photoOf } from "./photos.js";

/** {node (the button), panel, badges, update(mark)} */
export function more(context) {
  const { aspect, give, mark, about, setAbout, session, tell } = context;
  const panel = element("div.more", { hidden: true });
  const node = button("chip.dots", {
    "aria-expanded": "false", "aria-label": named(`⋯ ${t("Note, photo, unsure")}`, aspect), onclick: () => open(panel.hidden),
  }, "⋯");
  const unsure = toggle(`? ${t("Unsure")}`, () => setAbout({ unsure: !about().unsure }));
  const missing = toggle(t("Nothing to mark"), () =>
    give(mark()?.outcome ? null : { outcome: "missing", ...(field.value.trim() ? { note: field.value.trim() } : {}) }));
  const field = element("input.note", {
    type: "text", maxlength: 200, autocomplete: "off", "aria-label": named(t("Note"), aspect), placeholder: t("Note"),
    onchange: () => mark() && give({ ...mark(), note: field.value.trim() || undefined }),
  });
  const camera = element("input", {
    type: "file", accept: "image/*", capture: "environment", hidden: true, onchange: () => photographed(),
  });
  const photo = button("chip.wide", { "aria-label": named(t("Photo"), aspect), onclick: () => camera.click() }, t("Photo"));
  const pictures = element("div.pictures");
  const badges = element("span.badges");
  panel.append(unsure, missing, photo, camera, field, pictures);

  function toggle(words, onclick) {
    return button("chip.wide", { "aria-pressed": "false", "aria-label": named(words, aspect), onclick }, words);
  }

  function open(yes) {
    panel.hidden = !yes;
    node.setAttribute("aria-expanded", String(yes));
  }

  async function photographed() {
    const [file] = camera.files;
    camera.value = "";
    if (!file) return;
    try {
      await session.addPhoto(aspect.id, await photoOf(file));
      tell(t("The photo is kept on this tablet."));
    } catch {
      tell(t("This picture cannot be read. Take another one."), true);
    }
  }

  async function show(sha) {
    const blob = await session.photo(sha);
    const address = blob ? URL.createObjectURL(blob) : "";
    const image = address ? element("img.large", { src: address, alt: titleOf(aspect) }) : element("p", {}, t("This photo is on another tablet."));
    const locked = Boolean(session.locked(session.work));
    const remove = await dialog(t("Photo of {aspect}", { aspect: titleOf(aspect) }), image, [
      ["quiet", t("Close"), false], ...(locked ? [] : [["danger", t("Remove this photo"), true]]),
    ]);
    URL.revokeObjectURL(address);
    if (!remove) return;
    await setAbout({ photos: about().photos.filter((each) => each !== sha) });
    tell(t("The photo is removed."));
  }

  const shown = new Map();
  function thumbnails(photos) {
    for (const [sha, each] of shown) {
      if (photos.includes(sha)) continue;
      each.remove();
      shown.delete(sha);
    }
    photos.forEach((sha, n) => {
      if (shown.has(sha)) return;
      const words = t("Photo {n}", { n: n + 1 });
      const thumb = button("thumb", { "aria-label": named(words, aspect), onclick: () => show(sha) }, words);
      shown.set(sha, thumb);
      pictures.append(thumb);
      paint(session, sha, thumb);
    });
  }

  return {
    node,
    panel,
    badges,
    update(now) {
      const { unsure: doubt = false, photos = [] } = about();
      unsure.setAttribute("aria-pressed", String(doubt));
      missing.setAttribute("aria-pressed", String(now?.outcome === "missing"));
      field.disabled = now == null;
      const note = now?.note ?? "";
      if (document.activeElement !== field && field.value !== note) field.value = note;
      thumbnails(photos);
      const words = [doubt ? `? ${t("Unsure")}` : "", note ? `✎ ${t("Note")}` : "",
        photos.length ? `▣ ${photos.length}` : ""].filter(Boolean);
      say(badges, words.join(" · "));
      if ((now?.outcome || note || doubt || photos.length) && !panel.dataset.opened) open(true);
      panel.dataset.opened = "yes";
    },
  };
}

async function paint(session, sha, thumb) {
  const blob = await session.photo(sha);
  if (!blob) return;
  const address = URL.createObjectURL(blob);
  const image = element("img", { alt: "", src: address, onload: () => URL.revokeObjectURL(address) });
  thumb.prepend(image);
}
