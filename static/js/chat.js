// What a page with a chat has.

import "./app.js";
import "./copy.js";
import "./composer.js";
import "./draft.js";
import "./keyboard.js";
import "./files.js";
import "./prose.js";
import "./queue.js";
import "./recall.js";
import "./stream.js";
import "./selection.js";
