// What the page of a temporary chat has: as chat.js, but for the socket and for all that is kept.

import "./app.js";
import "./copy.js";
import "./composer.js";
import "./keyboard.js";
import "./files.js";
import "./prose.js";
import "./recall.js";
import "./held.js";
import "./selection.js";
import "./slash.js";
