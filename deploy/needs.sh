# Sourced by run and test: what the machine must have. Installs with apt when it may, else names the command.
need() { # command-or-file, package...
  local what=$1; shift
  if [ -e "$what" ] || command -v "$what" >/dev/null 2>&1; then return 0; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing $* ..." >&2
    if [ -z "${apt_updated:-}" ]; then apt-get update -qq >/dev/null 2>&1 || true; apt_updated=1; fi
    if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1; then return 0; fi
  fi
  echo "Missing: $what. Install it with: sudo apt-get install -y $*" >&2
  return 1
}

have_postgres() {
  local b
  for b in /usr/lib/postgresql/1[5-8]/bin/initdb; do [ -x "$b" ] && return 0; done
  need /usr/lib/postgresql/15/bin/initdb postgresql postgresql-contrib
}

have_toolchain() {
  if ! command -v dotnet >/dev/null 2>&1; then echo "Missing: the .NET 10 SDK. See https://dotnet.microsoft.com/download" >&2; return 1; fi
  case "$(dotnet --version 2>/dev/null)" in 10.*) ;; *) echo "The .NET SDK here is $(dotnet --version 2>&1 | head -n 1); version 10 is needed." >&2; return 1;; esac
  if ! command -v node >/dev/null 2>&1 || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then echo "Missing: Node 20 or later with npm (sudo apt-get install -y nodejs npm, or nodejs.org)." >&2; return 1; fi
}

# Chromium prints certificates; the Noto fonts are what it prints Urdu, Kashmiri, Hindi and Dogri with.
have_printing() {
  need /usr/bin/chromium chromium
  need /usr/share/fonts/truetype/noto fonts-noto-core
}

# The paperless office reads scans: poppler draws and checks pages and verifies signatures, tesseract reads English, Hindi and Urdu.
have_scanning() {
  need pdftoppm poppler-utils
  need pnmtojpeg netpbm
  need tiff2pdf libtiff-tools
  need zbarimg zbar-tools
  need /usr/share/tesseract-ocr/5/tessdata/osd.traineddata tesseract-ocr-osd
  need tesseract tesseract-ocr
  need /usr/share/tesseract-ocr/5/tessdata/urd.traineddata tesseract-ocr-urd
  need /usr/share/tesseract-ocr/5/tessdata/Devanagari.traineddata tesseract-ocr-script-deva
  # PDF/A: pictures become pages, text layers are laid over them, ocrmypdf brings ghostscript and its colour profile.
  need img2pdf img2pdf
  need qpdf qpdf
  need ocrmypdf ocrmypdf
}
