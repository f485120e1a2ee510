// Passkeys: a form marked data-passkey="create" or "get" asks the device for a key, then is sent with its answer.
// The element is hidden until this file has found that the browser knows passkeys.

const FLOWS = { create: (options) => navigator.credentials.create(options), get: (options) => navigator.credentials.get(options) };

function toBytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function toText(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function readOptions({ publicKey }) {
  const options = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  if (publicKey.user) options.user = { ...publicKey.user, id: toBytes(publicKey.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (publicKey[list]) options[list] = publicKey[list].map((one) => ({ ...one, id: toBytes(one.id) }));
  }
  return { publicKey: options };
}

function writeCredential({ id, rawId, type, response, authenticatorAttachment }, extensions) {
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = toText(response[name]);
  }
  return JSON.stringify({
    id,
    rawId: toText(rawId),
    type,
    authenticatorAttachment,
    clientExtensionResults: extensions,
    response: parts,
  });
}

async function ask(form) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(form.dataset.options, { method: "POST", headers: { "X-CSRFToken": token } });
  if (!answer.ok || answer.redirected) throw new Error(`options: ${answer.status}`);
  const credential = await FLOWS[form.dataset.passkey](readOptions(await answer.json()));
  form.querySelector("[name=credential]").value = writeCredential(credential, credential.getClientExtensionResults());
  form.submit();
}

async function onSubmit(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const status = form.querySelector("[data-passkey-status]");
  status.textContent = "";
  try {
    await ask(form);
  } catch {
    status.textContent = "Votre appareil n’a pas donné de clé. Essayez encore, ou choisissez un autre moyen.";
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", onSubmit);
    form.closest("[data-passkey-part]").hidden = false;
  }
  for (const notice of document.querySelectorAll("[data-passkey-missing]")) notice.hidden = true;
}
