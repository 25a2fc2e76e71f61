/** Passkeys (WebAuthn): the device's own lock signs; the page only carries bytes to and fro.
 *
 * A form with data-passkey="create" or "get" holds a hidden field "credential" and a button with
 * data-passkey-go. The challenge stands in the JSON element named by data-options, or is fetched
 * from data-options-url. Without this file, or where passkeys do not work, the button stays hidden.
 */
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const keys = (list) => list?.map((key) => ({ ...key, id: bytes(key.id) }));

function toCreate({ publicKey }) {
  const user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  const known = keys(publicKey.excludeCredentials);
  return { publicKey: { ...publicKey, user, challenge: bytes(publicKey.challenge), excludeCredentials: known } };
}

function toGet({ publicKey }) {
  const allowed = keys(publicKey.allowCredentials);
  return { publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: allowed } };
}

function answer(credential) {
  const parts = ["attestationObject", "clientDataJSON", "authenticatorData", "signature", "userHandle"];
  const sent = parts.filter((name) => credential.response[name]);
  const response = Object.fromEntries(sent.map((name) => [name, text(credential.response[name])]));
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const reply = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  return reply.json();
}

async function ask(form) {
  const options = await optionsOf(form);
  return form.dataset.passkey === "create"
    ? navigator.credentials.create(toCreate(options))
    : navigator.credentials.get(toGet(options));
}

async function go(form, button) {
  const problem = form.querySelector("[data-passkey-problem]");
  problem.hidden = true;
  button.disabled = true;
  try {
    form.elements.credential.value = answer(await ask(form));
    form.requestSubmit ? form.requestSubmit() : form.submit();
  } catch {
    problem.hidden = false;
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("[data-passkey-go]");
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  button.hidden = false;
  form.querySelector("[data-passkey-absent]")?.setAttribute("hidden", "");
  button.addEventListener("click", () => go(form, button));
}
