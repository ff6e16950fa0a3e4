// A shared chat: tools over its code, and the links of its footnotes.

import "./copy.js";
import "./prose.js";
