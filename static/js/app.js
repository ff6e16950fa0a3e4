// What every page behind the log-in has.

import "./focus.js";
import "./later.js";
import "./token.js";
import "./writing.js";
