import './shared.js';
import './drafts.js';
import './keys.js';
import './tray.js';
