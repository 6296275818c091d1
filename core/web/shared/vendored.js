// Where the files by others are. The page says it; a page that does not gets them too, but uncached.

const told = document.querySelector("[data-vendor]")?.dataset.vendor;

export const vendored = (path) => new URL(`${told || "/static/0/vendor/"}${path}`, location.origin).href;
