// Checks what the QR carries behind "#" against the issuer's keys in this page; it is never sent anywhere.
// For kernels from 2018 on (Chrome 69, iOS 13). The references are credentials/cwt.py and credentials/verify.py.
(function () {
  "use strict";
  var doc = document, main = doc.querySelector("main"), own = main.dataset;
  var text = location.hash.slice(1);
  if (!own.id || !text) return;
  var HIDING = /[\0-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ue000-\uf8ff]/g;
  addEventListener("hashchange", function () { location.reload(); });
  doc.querySelectorAll("nav a").forEach(function (link) { link.hash = text; });
  var form = doc.querySelector("form");
  if (form) form.action = location.pathname + location.search + "#" + text;

  function show(found, name) {
    var words = JSON.parse(doc.getElementById("words").textContent)[found], tone = words[0];
    var note = doc.getElementById("code"), banner = doc.querySelector(".state");
    note.textContent = words[2];
    note.className = "note " + (found === "ok" ? "good" : tone);
    note.hidden = false;
    if (words[1] && !/bad/.test(banner.className)) {
      banner.className = "state " + tone;
      banner.querySelector("path").setAttribute("d", words[3]);
      banner.querySelector("h1").textContent = doc.title = words[1];
      banner.querySelector("p").textContent = "";
    }
    if (name) doc.querySelector("dd.name").textContent = name.replace(HIDING, "");
  }

  function bytesOf(letters, alphabet, width) {
    var out = [], kept = 0, bits = 0;
    for (var i = 0; i < letters.length; i++) {
      var value = alphabet.indexOf(letters[i]);
      if (value < 0) throw 0;
      kept = (kept << width) | value;
      bits += width;
      if (bits >= 8) {
        bits -= 8;
        out.push(kept >> bits);
        kept &= (1 << bits) - 1;
      }
    }
    if (bits >= width || kept) throw 0;
    return new Uint8Array(out);
  }
  function base64(bytes) {
    return btoa(String.fromCharCode.apply(null, bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  }

  // Canonical CBOR: numbers, bytes, texts, lists, and maps as lists of keys and values.
  function decoded(bytes) {
    var at = 0;
    function take(length) {
      if (at + length > bytes.length) throw 0;
      return bytes.subarray(at, at += length);
    }
    function item() {
      var first = take(1)[0], kind = first >> 5, number = first & 31, out = [];
      if (number > 27) throw 0;
      if (number > 23) number = take(1 << (number - 24)).reduce(function (sum, byte) { return sum * 256 + byte; }, 0);
      if (kind === 0) return number;
      if (kind === 1) return -1 - number;
      if (kind === 2) return take(number);
      if (kind === 3) return new TextDecoder("utf-8", { fatal: true }).decode(take(number));
      if (kind > 5) throw 0;
      for (var n = kind === 5 ? 2 * number : number; n > 0; n--) out.push(item());
      return out;
    }
    var value = item();
    if (at !== bytes.length) throw 0;
    return value;
  }
  function of(map, key) {
    for (var n = 0; n < map.length; n += 2) if (map[n] === key) return map[n + 1];
    throw 0;
  }
  function written(bytes) {
    var length = bytes.length;
    return [].concat(length < 24 ? [64 + length] : length < 256 ? [88, length] : [89, length >> 8, length & 255], Array.from(bytes));
  }
  function idOf(bytes) {
    var bits = Array.from(bytes, function (byte) { return (256 + byte).toString(2).slice(1); }).join("").slice(4);
    return bits.replace(/.{5}/g, function (five) { return "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[parseInt(five, 2)]; });
  }

  var kid, signature, signed, id, facts;
  try {
    var parts = decoded(bytesOf(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5)), claims = decoded(parts[2]);
    kid = base64(of(decoded(parts[0]), 4));
    signature = parts[3];
    signed = new Uint8Array([132, 106].concat(Array.from(new TextEncoder().encode("Signature1")), written(parts[0]), [64], written(parts[2])));
    id = idOf(of(claims, 7));
    facts = of(claims, -70001);
    if (parts.length !== 4 || signature.length !== 64 || typeof facts[2] !== "string") throw 0;
  } catch (error) {
    return show("cut");
  }
  if (id !== own.id) return show("other");
  if (own.spoilt.split(" ").indexOf(kid) >= 0) return show("spoilt");
  var key = own.keys.split(" ").filter(function (one) { return one.slice(0, 11) === kid; })[0];
  if (!key) return show("bad");
  if (!window.crypto || !crypto.subtle) return show("unable");
  var jwk = { kty: "EC", crv: "P-256", x: key.slice(12, 55), y: key.slice(56) };
  crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]).then(function (trusted) {
    return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, trusted, signature, signed);
  }).then(function (genuine) {
    if (!genuine) show("bad");
    else if (own.at && facts[5] + ":" + facts[6] !== own.at) show("old");
    else show("ok", facts[2]);
  }).catch(function () { show("unable"); });
})();
