# A mail server from Debian's python3-aiosmtpd: STARTTLS and a password are required; each mail is told as a line of JSON, with what python3-dkim finds.
import asyncio, base64, json, ssl, sys, email, email.policy
from aiosmtpd.smtp import SMTP, AuthResult
import dkim

port, cert, key, dns = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4].encode()

class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('nobody'): return '550 5.1.1 no such mailbox'
        if address.startswith('later'): return '451 4.7.1 greylisted'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        raw = envelope.content
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        parts = {p.get_content_type(): p.get_content() for p in mail.walk() if not p.is_multipart()}
        files = [{'name': p.get_filename(), 'type': p.get_content_type(), 'content': base64.b64encode(p.get_content()).decode()} for p in mail.iter_attachments()] if mail.is_multipart() else []
        print(json.dumps({'files': files, 'defects': len(mail.defects),'from': envelope.mail_from, 'to': envelope.rcpt_tos, 'tls': session.ssl is not None, 'user': session.auth_data.login.decode() if session.auth_data else None,
            'subject': mail['Subject'], 'sender': mail['From'], 'language': mail['Content-Language'], 'plain': parts.get('text/plain'), 'html': parts.get('text/html'),
            'longest': max(len(l) for l in raw.split(b'\r\n')), 'dkim': dkim.verify(raw, dnsfunc=lambda name, timeout=5: dns)}), flush=True)
        return '250 2.0.0 queued'

class Said:
    def __init__(self, data): self.login = data.login

def check(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b'jk' and data.password == b'pw', auth_data=Said(data))

async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler(), tls_context=context, require_starttls=True, auth_required=True, authenticator=check, loop=loop, enable_SMTPUTF8=True), '127.0.0.1', port)
    print('ready', flush=True)
    await server.serve_forever()

asyncio.run(main())
