// Calls every method of the client against a base URL and prints one line of JSON.
import { createRequire } from 'node:module';
const { NotifyClient } = createRequire(import.meta.url)('notifications-node-client');
const [url, key, sms, email] = process.argv.slice(2);
const client = new NotifyClient(url, key);
const out = {};
const call = async (name, run) => {
  try { out[name] = (await run()).data; }
  catch (e) { out[name] = { failed: e.response?.status, body: e.response?.data, code: e.code }; }
};
await call('sms', () => client.sendSms(sms, '+91 94190 12345', { personalisation: { name: 'Rukhsana' }, reference: 'ref-1' }));
await call('email', () => client.sendEmail(email, 'someone@example.in', { personalisation: { name: 'Mohan' }, reference: 'ref-2' }));
await call('fixed', () => client.sendSms(sms, '07700900002', { personalisation: { name: 'x' } }));
await call('missing', () => client.sendSms(sms, '9419012345', { personalisation: {} }));
await call('badNumber', () => client.sendSms(sms, '12', { personalisation: { name: 'x' } }));
await call('noTemplate', () => client.sendSms('11111111-1111-4111-8111-111111111111', '9419012345', { personalisation: { name: 'x' } }));
await call('one', () => client.getNotificationById(out.sms.id));
await call('nobody', () => client.getNotificationById('11111111-1111-4111-8111-111111111111'));
await call('many', () => client.getNotifications('sms', null, 'ref-1'));
await call('template', () => client.getTemplateById(sms));
await call('version', () => client.getTemplateByIdAndVersion(sms, 1));
await call('templates', () => client.getAllTemplates('email'));
await call('preview', () => client.previewTemplateById(sms, { name: 'Asha' }));
await call('received', () => client.getReceivedTexts());
await call('letter', () => client.sendLetter(sms, { personalisation: { address_line_1: 'x' } }));
await call('wrongKey', () => new NotifyClient(url, key.slice(0, -4) + '0000').getAllTemplates());
console.log(JSON.stringify(out));
