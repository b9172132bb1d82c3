// Builds the browser assets: style sheets for each script, two small scripts, fonts cut down to the letters of the languages,
// each under a name that holds its hash, each compressed. assets.json tells the server which name is which.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import esbuild from 'esbuild';
import rtlcss from 'rtlcss';
import * as sass from 'sass';
import subsetFont from 'subset-font';

const out = process.argv[2] ?? '../wwwroot';
const started = Date.now();
const names = {};
rmSync(out, { recursive: true, force: true });

function put(name, content, { hash = true } = {}) {
  const bytes = Buffer.from(content);
  const dot = name.lastIndexOf('.');
  const path = hash ? `${name.slice(0, dot)}.${createHash('sha256').update(bytes).digest('hex').slice(0, 10)}${name.slice(dot)}` : name;
  mkdirSync(`${out}/${path}`.replace(/\/[^/]*$/, ''), { recursive: true });
  writeFileSync(`${out}/${path}`, bytes);
  // Fonts and pictures are compressed already.
  if (/\.(css|js|svg|webmanifest|txt)$/.test(name)) {
    writeFileSync(`${out}/${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
    writeFileSync(`${out}/${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
  names[name] = path;
  return path;
}

const letters = ranges => ranges.split(',').flatMap(range => {
  const [first, last] = range.trim().replace('U+', '').split('-').map(x => parseInt(x, 16));
  return Array.from({ length: (last ?? first) - first + 1 }, (_, i) => String.fromCodePoint(first + i));
}).join('');

// Letters of Urdu and Kashmiri, and of Hindi and Dogri, with their digits, marks and punctuation (CLDR exemplar characters).
const ARAB = letters('U+0020-0040,U+00A0,U+060C,U+061B,U+061F,U+0620-0624,U+0626-063A,U+0641-0642,U+0644-0646,U+0647-0648,U+064B-065F,U+066A-066C,U+0670,U+0672-0673,U+0679,U+067E,U+0686,U+0688,U+0691,U+0698,U+06A9,U+06AF,U+06BA,U+06BE,U+06C0-06C4,U+06C6,U+06CC-06CE,U+06D2-06D5,U+06F0-06F9,U+200B-200F,U+25CC,U+FDF2,U+FDFA');
const DEVA = letters('U+0900-097F,U+200B-200F,U+20B9,U+25CC,U+A8E0-A8F9');
const font = (family, script, weight) => `node_modules/@fontsource/${family}/files/${family}-${script}-${weight}-normal.woff2`;
for (const [source, text, name] of [
  [font('noto-nastaliq-urdu', 'arabic', 400), ARAB, 'nastaliq-400'],
  [font('noto-naskh-arabic', 'arabic', 400), ARAB, 'naskh-400'],
  [font('noto-sans-devanagari', 'devanagari', 400), DEVA, 'deva-400'],
  [font('noto-sans-devanagari', 'devanagari', 700), DEVA, 'deva-700'],
  [font('noto-naskh-arabic', 'arabic', 400), 'اردو کٲشُر', 'names-arab'],
  [font('noto-sans-devanagari', 'devanagari', 400), 'हिन्दी डोगरी', 'names-deva'],
]) put(`assets/fonts/${name}.woff2`, await subsetFont(readFileSync(source), text, { targetFormat: 'woff2' }));

for (const file of readdirSync('static')) put(`assets/${file}`, readFileSync(`static/${file}`));

for (const [name, rightToLeft] of [['citizen', false], ['citizen-deva', false], ['citizen-nastaliq', true], ['desk', false], ['desk-deva', false], ['desk-naskh', true]]) {
  const { css } = sass.compile(`scss/${name}.scss`, { loadPaths: ['node_modules', 'scss'], style: 'compressed', quietDeps: true });
  const turned = (rightToLeft ? rtlcss.process(css) : css).replace(/url\("?\/(assets\/[^")]+)"?\)/g, (whole, asset) => names[asset] ? `url(/${names[asset]})` : whole);
  put(`css/${name}.css`, turned);
}

const scripts = await esbuild.build({ entryPoints: ['js/citizen.js', 'js/desk.js', 'js/passkeys.js', 'js/talk.js'], bundle: true, minify: true, format: 'esm', target: 'es2020', outdir: 'js', write: false, logLevel: 'warning' });
for (const script of scripts.outputFiles) put(`js/${script.path.split(/[\\/]/).pop()}`, script.contents);

put('robots.txt', 'User-agent: *\nDisallow: /*/desk\nDisallow: /api/\n', { hash: false });
writeFileSync(`${out}/assets.json`, JSON.stringify(names, null, 1));
console.log(`browser assets built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
