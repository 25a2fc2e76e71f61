/** The console's script. Every page works without it; it adds life, comfort and safety nets. */
import Alpine from "@alpinejs/csp";
import "./live.js";
import "./navigation.js";
import "./palette.js";
import "./upload.js";
import * as autosave from "./autosave.js";
import * as forms from "./forms.js";
import * as panels from "./panels.js";
import * as passages from "./passages.js";
import * as reading from "./reading.js";

const enhance = (root) => [forms, panels, passages, autosave, reading].forEach((part) => part.start(root));

window.Alpine = Alpine;
document.addEventListener("htmx:load", ({ detail }) => enhance(detail.elt.parentElement ?? document));
document.addEventListener("vang:replaced", () => enhance(document));
autosave.settle();
enhance(document);
Alpine.start();
