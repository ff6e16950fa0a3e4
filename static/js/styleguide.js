// What a component needs of its own scripts; nothing that asks the server.

import "./copy.js";
import "./prose.js";
