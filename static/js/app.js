// What every page behind the log-in has.

import "./appearance.js";
import "./focus.js";
import "./later.js";
import "./keys.js";
import "./menu.js";
import "./picking.js";
import "./slow.js";
import "./styles.js";
import "./token.js";
import "./writing.js";
