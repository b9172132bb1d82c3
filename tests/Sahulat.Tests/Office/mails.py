# Writes mails with Python's own email package, well and badly made, into a Maildir: mails.py MAILDIR LETTER.pdf
import os, struct, sys, zlib
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from datetime import datetime, timezone, timedelta

box, letter = sys.argv[1], open(sys.argv[2], 'rb').read()
for part in ('new', 'cur', 'tmp'): os.makedirs(os.path.join(box, part), exist_ok=True)

def lay(name, raw, folder='new'):
    with open(os.path.join(box, 'tmp', name), 'wb') as f: f.write(raw)
    os.rename(os.path.join(box, 'tmp', name), os.path.join(box, folder, name))

def mail(subject, text, sender='Rukhsana Begum <rukhsana@example.in>', id=None):
    m = EmailMessage()
    m['From'], m['To'], m['Subject'] = sender, 'clerk@tehsil.example', subject
    m['Date'] = format_datetime(datetime(2026, 10, 30, 21, 0, tzinfo=timezone.utc))
    if id: m['Message-ID'] = f'<{id}@example.in>'
    if text is not None: m.set_content(text)
    return m

def png():
    rows = b''.join(b'\0' + b'\xff' * 60 for _ in range(20))
    def chunk(kind, data): return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 20, 20, 8, 2, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')

def tiff():
    width, height = 64, 32
    tags = [(256, 3, 1, width), (257, 3, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1), (278, 3, 1, height), (279, 4, 1, width * height)]
    directory = struct.pack('<H', len(tags)) + b''.join(struct.pack('<HHII', *t) for t in tags) + struct.pack('<I', 0)
    return struct.pack('<2sHI', b'II', 42, 8 + width * height) + b'\xc0' * (width * height) + directory

def pdf(inside, data=b''):
    return b'%PDF-1.4\n1 0 obj\n<< ' + inside + b' >>\n' + (b'stream\n' + data + b'\nendstream\n' if data else b'') + b'endobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n'

urdu = mail('انتقال اراضی', 'جناب، موضع گھو کی زعفرانی زمین کا انتقال درج کیا جائے۔ خسرہ ۴۱۷', id='one')
urdu.add_attachment(letter, maintype='application', subtype='pdf', filename='درخواست.pdf')
urdu.add_attachment(png(), maintype='image', subtype='png', filename='photo.png')
raw = bytes(urdu)
lay('100.one', raw)
lay('101.twice', b'Received: by another road\r\n' + raw)
# Somebody else's mail with the same Message-ID is a mail of its own.
lay('102.same-id', bytes(mail('Another letter', 'Not the first one at all', sender='mohan@example.in', id='one')), 'cur')

html = mail('Only a page', None)
html.set_content('<html><head><title>hidden</title><style>p{}</style></head><body><p>Caf&eacute; &amp; walnuts</p><script>stolen()</script><img src="http://evil.example/x.png"></body></html>', subtype='html')
lay('200.html', bytes(html))

head = b'From: =?x-nonsense?B?/////w==?=\r\nSubject: =?utf-8?B?4Kau\r\nDate: never\r\nMIME-Version: 1.0\r\n'
lay('201.charset', head + b'Content-Type: text/plain; charset=x-nonsense\r\nContent-Transfer-Encoding: base64\r\n\r\nZnJvbSB0aGUgb3JjaGFyZCD/gA==!!!\r\n')

inner = mail('The inner letter', 'Words of the inner letter: apricot', sender='Inner <inner@example.in>')
inner.add_attachment(letter, maintype='application', subtype='pdf', filename='inner.pdf')
outer = mail('Forwarded', 'See below')
outer.add_attachment(inner)
lay('202.nested', bytes(outer))

bad = mail('Papers of every kind', 'Some can be read')
bad.add_attachment(tiff(), maintype='image', subtype='tiff', filename='scan.tif')
bad.add_attachment(pdf(b'/OpenAction << /S /JavaScript /JS (app.alert) >>'), maintype='application', subtype='pdf', filename='script.pdf')
bad.add_attachment(pdf(b'/Filter /FlateDecode', zlib.compress(b'\0' * 120_000_000, 9)), maintype='application', subtype='pdf', filename='bomb.pdf')
bad.add_attachment(b'PK\x03\x04' + b'\0' * 60, maintype='application', subtype='zip', filename='../../letter.zip')
bad.add_attachment(b'', maintype='application', subtype='pdf', filename='empty.pdf')
lay('203.kinds', bytes(bad))

many = MIMEMultipart()
many['From'], many['Subject'] = 'x@example.in', 'Thousands'
for _ in range(3000): many.attach(MIMEText('x'))
lay('300.parts', many.as_bytes())

deep = MIMEText('bottom')
for _ in range(200):
    around = MIMEMultipart()
    around.attach(deep)
    deep = around
deep['From'], deep['Subject'] = 'x@example.in', 'Deep'
lay('301.deep', deep.as_bytes())

lay('302.noise', os.urandom(5000))
with open(os.path.join(box, 'tmp', '303.large'), 'wb') as f:
    f.write(raw)
    f.truncate(60_000_000)
os.rename(os.path.join(box, 'tmp', '303.large'), os.path.join(box, 'new', '303.large'))
