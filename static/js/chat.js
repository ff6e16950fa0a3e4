// What a page with a chat has.

import "./app.js";
import "./begun.js";
import "./composer.js";
import "./panel.js";
import "./draft.js";
import "./keyboard.js";
import "./files.js";
import "./prose.js";
import "./stream.js";
import "./versions.js";
import "./slash.js";
import "./unseen.js";
