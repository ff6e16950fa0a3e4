// What every page behind the log-in has.

import "./focus.js";
import "./slow.js";
import "./token.js";
import "./writing.js";
