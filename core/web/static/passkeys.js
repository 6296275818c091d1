// Passkeys: asks the server for a challenge, the device for an answer, and goes where the server says.
// Without it everything else on the page works; the parts that need it are shown by it.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const described = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function ask(address, csrf, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", "x-csrf-token": csrf },
    body: JSON.stringify(body),
  });
  const found = await answer.json();
  if (!answer.ok) throw new Refused(found.findings?.[0]?.detail ?? found.detail ?? "");
  return found;
}

class Refused extends Error {}

async function made(options) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: described(options.excludeCredentials),
    },
  });
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: {
      clientDataJSON: text(credential.response.clientDataJSON),
      attestationObject: text(credential.response.attestationObject),
    },
  };
}

async function used(options) {
  const credential = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: described(options.allowCredentials),
    },
  });
  const { response } = credential;
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  };
}

function words(place) {
  const found = {};
  for (const input of place.querySelectorAll("input[name]")) found[input.name] = input.value;
  return found;
}

async function go(place) {
  const { passkey, csrf, target, fresh } = place.dataset;
  const typed = words(place);
  const options = await ask(`${passkey}/options`, csrf, typed);
  const credential = await (fresh === undefined ? used : made)(options);
  const { to } = await ask(passkey, csrf, { ...typed, credential, ...(target ? { target } : {}) });
  location.assign(to);
}

if (window.PublicKeyCredential) {
  for (const place of document.querySelectorAll("[data-passkey]")) {
    const button = place.querySelector("button");
    const wrong = place.querySelector("[role=alert]");
    place.hidden = false;
    button.addEventListener("click", async () => {
      wrong.hidden = true;
      button.disabled = true;
      try {
        await go(place);
      } catch (error) {
        wrong.textContent = (error instanceof Refused && error.message) || place.dataset.cancelled;
        wrong.hidden = false;
        wrong.focus();
      } finally {
        button.disabled = false;
      }
    });
  }
}
