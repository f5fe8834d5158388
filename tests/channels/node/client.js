// A handset behind somebody else's SMPP stack (the npm package `smpp`), scripted by one JSON
// argument and told as JSON lines: bound, page, sms, submitted, unbound. Exit 0 when the script is
// through, 3 with a reason on stderr when nothing came in time or a request was refused.
//
// {"port", "msisdn", "system_id", "password",
//  "dial": "*105#", "answers": ["1"], "session": 7?, "sms": {"to": "000110", "text": "00"}?}
'use strict';

const smpp = require('smpp');

const SECONDS_MAX = 10;
const PSSR_INDICATION = 1;
const USSR_REQUEST = 2;
const PSSR_RESPONSE = 17;
const USSR_CONFIRM = 18;
const INTERNATIONAL = { source_addr_ton: 1, source_addr_npi: 1 };

const script = JSON.parse(process.argv[2]);
const answers = [...(script.answers || [])];
const session = new smpp.Session({ host: '127.0.0.1', port: script.port });
const parts = new Map(); // reference of a long message -> its parts by number
let sequence = 0;

function tell(event, fields) {
  process.stdout.write(JSON.stringify({ event, ...fields }) + '\n');
}

function fail(reason) {
  process.stderr.write(reason + '\n');
  process.exit(3);
}

function text(pdu) {
  const body = pdu.message_payload || pdu.short_message;
  const message = body && body.message !== undefined ? body.message : body;
  if (!Buffer.isBuffer(message)) return message || '';
  return smpp.encodings.ASCII.decode(message); // 0x0F, which the package leaves as octets
}

// The session number stays; octet 2 holds the sequence number and, in bit 0, the end.
function sessionInfo(end) {
  if (script.session === undefined) return {};
  sequence += 1;
  return { its_session_info: Buffer.from([script.session, (sequence << 1) | (end ? 1 : 0)]) };
}

function submit(fields, then) {
  session.submit_sm({ source_addr: script.msisdn, ...INTERNATIONAL, ...fields }, (resp) => {
    tell('submitted', { status: resp.command_status, message_id: resp.message_id });
    if (resp.command_status !== 0) fail('submit_sm refused: ' + resp.command_status);
    if (then) then();
  });
}

function ussd(op, string, then, end) {
  submit(
    {
      service_type: 'USSD',
      destination_addr: '105',
      ussd_service_op: op,
      short_message: string,
      ...sessionInfo(end),
    },
    then
  );
}

function dial() {
  if (script.dial) ussd(PSSR_INDICATION, script.dial);
  else sendSms();
}

function onPage(pdu) {
  tell('page', {
    op: pdu.ussd_service_op,
    from: pdu.source_addr,
    to: pdu.destination_addr,
    data_coding: pdu.data_coding,
    session: pdu.its_session_info ? pdu.its_session_info[0] : null,
    text: text(pdu),
  });
  if (pdu.ussd_service_op === PSSR_RESPONSE) sendSms();
  else if (pdu.ussd_service_op !== USSR_REQUEST) fail('unexpected op ' + pdu.ussd_service_op);
  else if (answers.length) ussd(USSR_CONFIRM, answers.shift());
  else if (script.session !== undefined) ussd(USSR_CONFIRM, '', sendSms, true);
  else sendSms();
}

function sendSms() {
  if (!script.sms) return leave();
  submit({ destination_addr: script.sms.to, short_message: script.sms.text });
}

// An SMS in one part, or the last of the parts that a header of concatenation numbers.
function onSms(pdu) {
  const headers = (pdu.short_message && pdu.short_message.udh) || [];
  const concatenation = headers.find((header) => header[0] === 0x00 || header[0] === 0x08);
  let whole = text(pdu);
  if (concatenation) {
    const [number, total] = [concatenation.at(-1), concatenation.at(-2)];
    const reference = concatenation.subarray(2, -2).toString('hex');
    const known = parts.get(reference) || parts.set(reference, []).get(reference);
    known[number - 1] = whole;
    if (Object.keys(known).length < total) return;
    whole = known.join('');
  }
  tell('sms', { from: pdu.source_addr, to: pdu.destination_addr, text: whole });
  leave();
}

function leave() {
  session.unbind((resp) => {
    tell('unbound', { status: resp.command_status });
    session.close(() => process.exit(0));
  });
}

session.on('error', (error) => fail('connection: ' + error.message));
session.on('enquire_link', (pdu) => session.send(pdu.response()));
session.on('deliver_sm', (pdu) => {
  session.send(pdu.response());
  if (pdu.destination_addr.replace('+', '') !== script.msisdn) return; // somebody else's
  if (pdu.ussd_service_op === undefined) onSms(pdu);
  else onPage(pdu);
});
session.bind_transceiver(
  { system_id: script.system_id, password: script.password, interface_version: 0x34 },
  (resp) => {
    tell('bound', { status: resp.command_status });
    if (resp.command_status !== 0) fail('bind refused: ' + resp.command_status);
    dial();
  }
);
setTimeout(() => fail('nothing came in ' + SECONDS_MAX + ' s'), SECONDS_MAX * 1000);
