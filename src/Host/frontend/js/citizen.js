import './shared.js';
