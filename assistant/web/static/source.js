// The source viewer. What each part of it does stands in a file of its own.
import "./source_places.js";
import "./source_marks.js";
import "./source_find.js";

const embedded = window.parent !== window;
const tab = document.getElementById("own-tab");
if (tab && embedded) tab.hidden = false;

// Escape closes the panel also while the source has the focus, once there is nothing else to close or clear.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && embedded) window.parent.postMessage("close-source", window.location.origin);
});
