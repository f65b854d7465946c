/** The first page of a published site: on to the language that the reader would rather have, where it is there. */

const doors = [...document.querySelectorAll("main a[hreflang]")];
const known = navigator.languages.map((wanted) => doors.find((door) => wanted.toLowerCase().split("-")[0] === door.hreflang));
const chosen = known.find(Boolean);
if (chosen) location.replace(chosen.href);
